namespace Mirage;

/// <summary>
/// What decides between two types: the condition of <see cref="StackIf{TCondition, TThen, TElse}"/> and its like.
/// </summary>
/// <remarks>
/// A constant condition leaves the other branch out of a trimmed build. <c>static bool? Constant => true</c> is one. To
/// let a <c>MirageKey</c> item of the project fix it, give the value of a property that reads the switch
/// <c>Mirage.Key.NAME</c> and has, for it, the attribute
/// <see cref="System.Diagnostics.CodeAnalysis.FeatureSwitchDefinitionAttribute"/>, and declare the key in
/// <see cref="Value"/> at <see cref="Stage.Configure"/>.
/// </remarks>
public interface ICondition
{
    /// <summary>The value where it is known in the build, or null when <see cref="Value"/> decides at boot.</summary>
    static virtual bool? Constant => null;

    /// <summary>
    /// The value at boot, made from keys only. Where <see cref="Constant"/> has one, this does not decide, and its keys
    /// are known all the same.
    /// </summary>
    static virtual Impl<bool> Value => Impl.Pure(false);
}
