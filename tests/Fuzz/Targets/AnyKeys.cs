using LanguageExt;

namespace Mirage.Fuzz;

/// <summary>A unikernel that has keys of every kind and does nothing with them.</summary>
internal readonly struct AnyKeys : IUnikernel<AnyKeys>
{
    private static readonly Key<ushort> s_port = Key.Optional<ushort>("port", 80, "A number.");
    private static readonly Key<Option<Cidr>> s_address = Key.Maybe<Cidr>("address", "An address.");
    private static readonly Key<IReadOnlyList<string>> s_names = Key.Repeated<string>("names", "Any number.");
    private static readonly Key<TimeSpan> s_wait = Key.Optional("wait", TimeSpan.FromSeconds(1), "A duration.");
    private static readonly Key<bool> s_verbose = Key.Flag("verbose", "A flag.");
    private static readonly Key<string> s_required = Key.Required<string>("required", "One that must be given.");

    public static Impl<AnyKeys> Impl => ((s_port, s_address, s_names).Apply(static (_, _, names) => names.Count),
        (s_wait, s_verbose, s_required).Apply(static (_, _, required) => required.Length))
        .Apply(static (_, _) => default(AnyKeys));

    public static ValueTask Start(AnyKeys unikernel, CancellationToken stop) => ValueTask.CompletedTask;
}
