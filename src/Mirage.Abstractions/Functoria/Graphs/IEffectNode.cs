namespace Mirage;

/// <summary>A node whose making has an effect, and so cannot decide a choice.</summary>
internal interface IEffectNode : INode;
