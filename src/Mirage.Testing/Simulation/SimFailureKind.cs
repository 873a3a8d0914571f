namespace Mirage.Testing;

/// <summary>What kind of thing went wrong, so that a smaller plan is one for the same failure.</summary>
internal enum SimFailureKind
{
    /// <summary>What a scenario says must hold did not.</summary>
    Wrong,

    /// <summary>A machine failed.</summary>
    Machine,

    /// <summary>What had to happen did not in time.</summary>
    Late,

    /// <summary>A machine ran without time passing.</summary>
    Endless,
}
