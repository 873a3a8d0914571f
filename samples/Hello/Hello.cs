using static Mirage.Impl;

/// <summary>Says hello four times, a second apart: MirageOS's first tutorial.</summary>
internal readonly struct Hello<TTime, TConsole> : IUnikernel<Hello<TTime, TConsole>>
    where TTime : struct, ITime<TTime>
    where TConsole : struct, IConsole<TConsole>
{
    private readonly Core _core;

    private Hello(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Hello<TTime, TConsole>> Impl => (Of<TTime>(), Of<TConsole>()).Apply(
        static (time, console) => new Hello<TTime, TConsole>(new Core(time, console)));

    /// <inheritdoc/>
    public static ValueTask Start(Hello<TTime, TConsole> unikernel, CancellationToken stop) =>
        unikernel._core.Run(stop);

    private sealed class Core(TTime time, TConsole console)
    {
        private const int Greetings = 4;

        public async ValueTask Run(CancellationToken stop)
        {
            for (var count = 0; count < Greetings; count++)
            {
                TConsole.WriteLine(console, "hello");
                await TTime.Sleep(time, TimeSpan.FromSeconds(1), stop);
            }
        }
    }
}
