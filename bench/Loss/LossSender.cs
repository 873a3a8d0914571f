namespace Mirage.Bench;

/// <summary>How the sender of a <see cref="LossCell"/> recovers, and how it shares the network.</summary>
public enum LossSender
{
    /// <summary>CUBIC with selective acknowledgments and RACK-TLP: what a stack does by itself.</summary>
    Cubic,

    /// <summary>NewReno with selective acknowledgments and RACK-TLP.</summary>
    NewReno,

    /// <summary>NewReno to a peer that does not permit selective acknowledgments.</summary>
    Plain,

    /// <summary>BBR with selective acknowledgments and RACK-TLP.</summary>
    Bbr,
}
