/// <summary>What is done with each connection to a port.</summary>
internal interface ITcpService
{
    /// <summary>Serves one connection until one of the ends closes it. The caller disposes of it.</summary>
    ValueTask Serve(IFlow flow);
}
