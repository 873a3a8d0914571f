using static Mirage.Impl;

/// <summary>Says what the key <c>--hello</c> holds, four times, a second apart: MirageOS's tutorial on keys.</summary>
internal readonly struct HelloKey<TTime, TConsole> : IUnikernel<HelloKey<TTime, TConsole>>
    where TTime : struct, ITime<TTime>
    where TConsole : struct, IConsole<TConsole>
{
    private static readonly Key<string> s_hello = Key.Optional("hello", "Hello World!", "How to say hello.");
    private readonly Core _core;

    private HelloKey(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<HelloKey<TTime, TConsole>> Impl => (Of<TTime>(), Of<TConsole>(), s_hello).Apply(
        static (time, console, hello) => new HelloKey<TTime, TConsole>(new Core(time, console, hello)));

    /// <inheritdoc/>
    public static ValueTask Start(HelloKey<TTime, TConsole> unikernel, CancellationToken stop) =>
        unikernel._core.Run(stop);

    private sealed class Core(TTime time, TConsole console, string hello)
    {
        private const int Greetings = 4;

        public async ValueTask Run(CancellationToken stop)
        {
            for (var count = 0; count < Greetings; count++)
            {
                TConsole.WriteLine(console, hello);
                await TTime.Sleep(time, TimeSpan.FromSeconds(1), stop);
            }
        }
    }
}
