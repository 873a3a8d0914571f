namespace Mirage.Testing;

/// <summary>The files that a run leaves for a reader: <c>events.log</c>, and a capture for each port.</summary>
internal sealed class SimRecording : IDisposable
{
    private readonly string _directory;
    private readonly SimWorld _world;
    private readonly List<SimCapture> _captures = [];

    public SimRecording(SimWorld world, string directory)
    {
        (_world, _directory) = (world, directory);
        Directory.CreateDirectory(directory);
        world.Trace.Log = new StreamWriter(Path.Combine(directory, "events.log")) { NewLine = "\n" };
    }

    public SimCapture Capture(SimPort port)
    {
        var name = $"{port.Machine.Name}-{port.Net.Name}-{port.Index}.pcap";
        var capture = new SimCapture(_world, File.Create(Path.Combine(_directory, name)));
        _captures.Add(capture);
        return capture;
    }

    public void Dispose()
    {
        _world.Trace.Log?.Dispose();
        _world.Trace.Log = null;
        foreach (var capture in _captures)
            capture.Dispose();
        foreach (var port in _world.Nets.SelectMany(static net => net.Ports))
            port.Capture = null;
        _captures.Clear();
    }
}
