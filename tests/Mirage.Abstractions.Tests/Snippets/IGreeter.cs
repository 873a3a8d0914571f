// Compiled for docs/functoria.md, which shows what is below the namespace.
namespace Mirage.Tests.Snippets;

public interface IGreeter<TSelf> : IDevice<TSelf> where TSelf : struct, IGreeter<TSelf>
{
    static abstract string Greet(TSelf greeter, string name);
}
