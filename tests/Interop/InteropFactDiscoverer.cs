using Xunit.Abstractions;
using Xunit.Sdk;

namespace Mirage.Interop;

/// <summary>Makes a test fail with its reason where a need is not met and must be.</summary>
public sealed class InteropFactDiscoverer(IMessageSink diagnosticMessageSink) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var display = discoveryOptions.MethodDisplayOrDefault();
        var options = discoveryOptions.MethodDisplayOptionsOrDefault();
        var missing = Requirements.Missing(factAttribute.GetNamedArgument<string>(nameof(InteropFactAttribute.Needs)));
        yield return missing is not null && Requirements.AreDemanded
            ? new ExecutionErrorTestCase(diagnosticMessageSink, display, options, testMethod,
                $"CI is true, and this test {missing}.")
            : new XunitTestCase(diagnosticMessageSink, display, options, testMethod);
    }
}
