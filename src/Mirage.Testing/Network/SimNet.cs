namespace Mirage.Testing;

/// <summary>An Ethernet between machines of a world: a switch that knows its stations, with a link of its own between
/// every two ports.</summary>
public sealed class SimNet
{
    /// <summary>The fate of a frame to a machine that is off: no fault of the network.</summary>
    internal const string Unheard = "unheard";

    private readonly List<SimPort> _ports = [];
    private readonly List<List<SimLink>> _links = [];
    private readonly List<LinkCondition> _conditions = [];
    private readonly Stack<SimFrame> _free = new();

    internal SimNet(SimWorld world, string name, LinkModel model) => (World, Name, Model) = (world, name, model);

    /// <summary>The world it is part of.</summary>
    public SimWorld World { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What a way is like that was not made different by <see cref="SetModel"/>.</summary>
    public LinkModel Model { get; set; }

    /// <summary>The longest packet that a port takes, bytes; for ports attached from now on.</summary>
    public int Mtu { get; set; } = 1500;

    /// <summary>The ports, in the order they were attached.</summary>
    public IReadOnlyList<SimPort> Ports => _ports;

    /// <summary>Frames that are under way or wait at ports.</summary>
    public int FramesUnderWay { get; private set; }

    internal IReadOnlyList<LinkCondition> Conditions => _conditions;

    /// <summary>Puts a port of this network into <paramref name="machine"/>. Its <paramref name="name"/> is the group
    /// of the <see cref="SimNetif{TTag}"/> that drives it, empty for <see cref="SimNetif"/>.</summary>
    public SimPort Attach(SimMachine machine, string name = "", MacAddress? mac = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var address = mac ?? MacAddress.Local(World.Random($"mac:{Name}:{_ports.Count}").Next());
        var port = new SimPort(this, machine, _ports.Count, address);
        foreach (var (other, links) in _ports.Zip(_links))
            links.Add(new SimLink(this, other, port));
        port.Capture = World.Recording?.Capture(port);
        _ports.Add(port);
        _links.Add([.. _ports.Select(other => new SimLink(this, port, other))]);
        machine.Attach(name, port);
        return port;
    }

    /// <summary>Makes the way from one machine to another different; null makes it as the network is.</summary>
    /// <exception cref="ArgumentException">One of them has no port of this network.</exception>
    public void SetModel(SimMachine from, SimMachine to, LinkModel? model)
    {
        var isAny = false;
        foreach (var link in _links.SelectMany(static links => links))
        {
            if (link.From.Machine != from || link.To.Machine != to || link.From == link.To)
                continue;
            (link.Model, isAny) = (model, true);
        }

        if (!isAny)
            throw new ArgumentException($"{Name} has no way from {from} to {to}: attach both first.");
    }

    /// <summary>Cuts <paramref name="side"/> off from all other machines, in both directions; disposing the result
    /// heals it.</summary>
    public IDisposable Partition(params SimMachine[] side)
    {
        ArgumentNullException.ThrowIfNull(side);
        var group = (SimMachine[])side.Clone();
        return Add(new LinkCondition((from, to) => group.Contains(from) != group.Contains(to)) { IsCut = true });
    }

    /// <summary>Cuts the way from one machine to another, in that direction only; disposing the result heals
    /// it.</summary>
    public IDisposable Cut(SimMachine from, SimMachine to) =>
        Add(new LinkCondition((one, other) => one == from && other == to) { IsCut = true });

    /// <summary>Puts <paramref name="trouble"/> on top of what the ways to and from <paramref name="machine"/> are
    /// like, on top of all ways when it is null; disposing the result ends that.</summary>
    public IDisposable Worsen(LinkTrouble trouble, SimMachine? machine = null)
    {
        ArgumentNullException.ThrowIfNull(trouble);
        return Add(new LinkCondition((from, to) => machine is null || from == machine || to == machine)
        {
            Trouble = trouble with { }, // Bursts are told apart by reference: two equal conditions are two.
            Seed = World.Random($"{Name}:{World.NowNs}:{machine}{TroubleText.Write(trouble)}").Next(),
        });
    }

    /// <summary>Ends every partition, cut and worsening.</summary>
    public void Heal()
    {
        if (_conditions.Count > 0)
            World.Trace.Note(Name, "heal");
        _conditions.Clear();
    }

    /// <summary>Sends a frame to the port of its address, or to all others when it is for a group or for nobody
    /// here.</summary>
    internal void Carry(SimPort from, ReadOnlySpan<byte> frame)
    {
        var destination = Find(frame);
        for (var index = 0; index < _ports.Count; index++)
        {
            if (_ports[index] != from && (destination is null || destination == _ports[index]))
                _links[from.Index][index].Send(frame);
        }
    }

    internal SimFrame Rent(SimPort from, SimPort to, ReadOnlySpan<byte> bytes)
    {
        FramesUnderWay++;
        if (!_free.TryPop(out var frame))
            frame = new SimFrame(this);
        frame.Load(from, to, bytes);
        return frame;
    }

    internal void Return(SimFrame frame)
    {
        frame.End();
        FramesUnderWay--;
        _free.Push(frame);
    }

    /// <summary>Ends a frame on its way.</summary>
    internal void Lose(SimPort from, SimPort to, string reason, SimFrame frame)
    {
        if (reason != Unheard)
            World.Faults.Add(reason);
        World.Trace.Frame(from, to, reason, frame.Bytes);
        Return(frame);
    }

    private Condition Add(LinkCondition condition)
    {
        _conditions.Add(condition);
        return new Condition(this, condition);
    }

    private SimPort? Find(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < MacAddress.Size)
            return null;
        var address = MacAddress.Read(frame);
        foreach (var port in _ports)
        {
            if (port.Info.Mac == address)
                return port;
        }

        return null;
    }

    private sealed class Condition(SimNet net, LinkCondition condition) : IDisposable
    {
        public void Dispose() => net._conditions.Remove(condition);
    }
}
