using System.Runtime.CompilerServices;
using static Mirage.Impl;

namespace Mirage;

/// <summary>
/// One of two devices: the state of a handle that forwards its signature to either, as
/// <see cref="StackIf{TCondition, TThen, TElse}"/> does.
/// </summary>
/// <typeparam name="TCondition">What decides.</typeparam>
/// <typeparam name="TThen">What is connected when it holds.</typeparam>
/// <typeparam name="TElse">What is connected when it does not.</typeparam>
public sealed class Chosen<TCondition, TThen, TElse>
    where TCondition : struct, ICondition
    where TThen : struct, IDevice<TThen>
    where TElse : struct, IDevice<TElse>
{
    private readonly bool _holds;

    private Chosen(bool holds, TThen then, TElse @else) => (_holds, Then, Else) = (holds, then, @else);

    /// <summary>Connects the one that the condition says, and not the other.</summary>
    public static Impl<Chosen<TCondition, TThen, TElse>> Impl => TCondition.Constant switch
    {
        true => (TCondition.Value, OfThen).Apply(static (_, then) => then),
        false => (TCondition.Value, OfElse).Apply(static (_, @else) => @else),
        null => If(TCondition.Value, OfThen, OfElse),
    };

    /// <summary>Which one there is.</summary>
    public bool Holds
    {
        // Inlined, a constant condition is a constant to the caller too, and the code for the other branch is left out.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TCondition.Constant ?? _holds;
    }

    /// <summary>The device when the condition holds; not connected otherwise.</summary>
    public TThen Then { get; }

    /// <summary>The device when the condition does not hold; not connected otherwise.</summary>
    public TElse Else { get; }

    private static Impl<Chosen<TCondition, TThen, TElse>> OfThen =>
        Of<TThen>().Map(static then => new Chosen<TCondition, TThen, TElse>(true, then, default));

    private static Impl<Chosen<TCondition, TThen, TElse>> OfElse =>
        Of<TElse>().Map(static @else => new Chosen<TCondition, TThen, TElse>(false, default, @else));
}
