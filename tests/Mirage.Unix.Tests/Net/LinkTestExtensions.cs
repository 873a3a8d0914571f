namespace Mirage.Unix.Tests;

internal static class LinkTestExtensions
{
    /// <summary>Closes a link whose closing waits for nothing.</summary>
    public static void CloseAtOnce(this Link link)
    {
        var closing = link.Close().AsTask();
        Assert.True(closing.IsCompletedSuccessfully);
    }

    /// <summary>Takes what the link has, waiting for the kernel as often as needed, until
    /// <paramref name="isDone"/>.</summary>
    public static void TakeBatchesUntil(this DescriptorLink link, UnixHost host, Func<bool> isDone)
    {
        for (var round = 0; round < 100 && !isDone(); round++)
        {
            while (link.TakeBatch())
            {
            }

            if (!isDone())
                host.Driver.Wait(host.Driver.NowNs + 100_000_000);
        }

        Assert.True(isDone());
    }
}
