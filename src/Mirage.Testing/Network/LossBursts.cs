namespace Mirage.Testing;

/// <summary>Loss in bursts, by the model of Gilbert and Elliott: a link is good or bad, and each frame may change that.
/// Chances are in thousandths.</summary>
/// <param name="EnterPermille">That a good link turns bad.</param>
/// <param name="LeavePermille">That a bad link turns good.</param>
/// <param name="LossPermille">That a frame is lost on a bad link.</param>
public sealed record LossBursts(int EnterPermille, int LeavePermille, int LossPermille = 1000);
