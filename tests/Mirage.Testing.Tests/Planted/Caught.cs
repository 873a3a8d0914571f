using System.Reflection;

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

    /// <summary>Runs every law of a suite, each of which must hold.</summary>
    public static void Nothing<TSuite>() where TSuite : new()
    {
        var laws = typeof(TSuite).GetMethods()
            .Where(static method => method.IsDefined(typeof(FactAttribute), inherit: true)).ToList();
        Assert.NotEmpty(laws);
        Assert.All(laws, static law => law.Invoke(new TSuite(), BindingFlags.DoNotWrapExceptions, null, null, null));
    }
}
