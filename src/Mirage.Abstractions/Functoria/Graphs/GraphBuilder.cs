namespace Mirage;

/// <summary>The fold of <see cref="Graph"/> under way.</summary>
internal sealed class GraphBuilder
{
    // A chain of devices is as long as the nesting of a type that somebody wrote; one that grows for ever ends here.
    private const int DepthMax = 256;

    private readonly Dictionary<Type, GraphDevice> _devices = [];
    private readonly OrderedDictionary<string, GraphKey> _keys = new(StringComparer.Ordinal);
    private readonly List<(Type Type, string Name)> _path = [];

    public IReadOnlyDictionary<Type, GraphDevice> Devices => _devices;

    public IReadOnlyDictionary<string, GraphKey> Keys => _keys;

    public GraphDevice Device(IDeviceNode node)
    {
        if (_devices.TryGetValue(node.Type, out var known))
            return known;

        var start = _path.FindIndex(step => step.Type == node.Type);
        _path.Add((node.Type, GraphDevice.NameOf(node.Type, node.Group)));
        if (start >= 0)
            throw new GraphException($"The devices need each other: {Names(start)}.");
        if (_path.Count > DepthMax)
            throw new GraphException($"The devices are nested more than {DepthMax} deep: {Names(DepthMax - 8)} ….");

        if (node.Group.Length > 0)
            CheckName(node.Group, "group");
        var device = new GraphDevice(node);
        Visit(device.Impl, device, device.Needs, inCondition: false);
        _devices.Add(node.Type, device);
        _path.RemoveAt(_path.Count - 1);
        return device;
    }

    public GraphKey Key(IKey key, string group)
    {
        CheckName(key.Name, "key");
        var name = GraphKey.NameOf(key, group);
        if (!_keys.TryGetValue(name, out var known))
        {
            known = new GraphKey(key, key.Group ?? group);
            _keys.Add(name, known);
        }
        else if (known.DifferenceTo(key) is { } difference)
        {
            throw new GraphException($"The key --{name} is declared twice: {difference}.");
        }

        return known;
    }

    private void Visit(INode node, GraphDevice owner, List<GraphNode> needs, bool inCondition)
    {
        switch (node)
        {
            case IDeviceNode or IEffectNode when inCondition:
                throw new GraphException(
                    $"A choice in {owner.Name} is decided by {node.Label ?? "connecting"}; only keys decide.");
            case IDeviceNode device:
                Add(needs, Device(device));
                break;
            case IKey key:
                Add(needs, Key(key, owner.Group));
                break;
            case IChoiceNode choice:
                needs.Add(Choice(choice, owner, inCondition));
                break;
            default:
                foreach (var need in node.Needs)
                    Visit(need, owner, needs, inCondition);
                break;
        }
    }

    private GraphChoice Choice(IChoiceNode node, GraphDevice owner, bool inCondition)
    {
        var choice = new GraphChoice(node, owner);
        Visit(node.Selector, owner, choice.Condition, inCondition: true);
        foreach (var (label, branch) in node.Branches)
        {
            var needs = new List<GraphNode>();
            Visit(branch, owner, needs, inCondition);
            choice.Branches.Add((label, needs));
        }

        return choice;
    }

    private string Names(int start) => string.Join(" → ", _path.Skip(start).Select(static step => step.Name));

    private static void Add(List<GraphNode> needs, GraphNode need)
    {
        if (!needs.Contains(need))
            needs.Add(need);
    }

    private static bool IsNameLetter(char letter) =>
        char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_';

    private static void CheckName(string name, string what)
    {
        if (name is not [>= 'a' and <= 'z', ..] || name[^1] == '-' || !name.All(IsNameLetter))
            throw new GraphException(
                $"{Sentence.Quote(name)} is no name of a {what}: use lower case words joined by dashes.");
    }
}
