namespace Mirage;

/// <summary>What decides between two types: the condition of <see cref="StackIf{TCondition, TThen, TElse}"/> and its like.</summary>
/// <remarks>A constant one leaves the other branch out of a trimmed build; it need not have keys:
/// <c>static bool? Constant => true</c>. To fix it by a <c>MirageKey</c> item of the project, return a property that has the
/// attribute <see cref="System.Diagnostics.CodeAnalysis.FeatureSwitchDefinitionAttribute"/> for <c>Mirage.Key.NAME</c>.</remarks>
public interface ICondition
{
    /// <summary>The value where it is known in the build, or null when <see cref="Value"/> decides at boot.</summary>
    static virtual bool? Constant => null;

    /// <summary>The value at boot, made from keys only. Not asked when <see cref="Constant"/> has one.</summary>
    static virtual Impl<bool> Value => Impl.Pure(false);
}
