namespace Mirage.Testing.Tests;

/// <summary>What the tests of planted bugs ask of a law.</summary>
internal static class Caught
{
    /// <summary>Runs a law that must not hold.</summary>
    public static LawException By(string id, Action law)
    {
        var failure = Assert.Throws<LawException>(law);
        Assert.Equal(id, failure.Law.Id);
        return failure;
    }
}
