using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Mirage.Net;

/// <summary>One connection of an HTTP server: reads heads, calls the handler, sends what it answers, in
/// order.</summary>
/// <remarks>A request takes the objects of the request before it, so that a request that is there at once, answered at
/// once, allocates nothing.</remarks>
internal sealed class HttpConnection<THandler> : IHttpConnection where THandler : IHttpHandler
{
    /// <summary>Requests that are answered in one iteration of the loop before others get their turn.</summary>
    private const int BurstMax = 64;

    private readonly THandler _handler;
    private readonly EventLoop _loop;
    private readonly ILogger _log;
    private readonly HttpTransport _transport;
    private readonly HttpConnectionMachine _machine;
    private readonly ServerRequestBody _body;
    private readonly ServerRequest _request;
    private readonly ServerResponse _response;
    private HttpHeadScanner _scanner;
    private long _iteration;
    private int _burst;

    public HttpConnection(
        IFlow flow, THandler handler, HttpOptions options, EventLoop loop, HttpDateCache date, ILogger log)
    {
        (_handler, _loop, _log) = (handler, loop, log);
        _transport = new HttpTransport(flow, loop, options);
        _machine = _transport.Machine;
        _body = new ServerRequestBody(_transport);
        _request = new ServerRequest(_transport, _body);
        _response = new ServerResponse(_transport, _body, date);
    }

    private enum Step
    {
        More, Request, Refuse, End,
    }

    public void Stop()
    {
        if (_machine.HandleStop())
            _transport.CancelRead();
    }

    public void Abort() => _transport.Abort();

    /// <summary>Serves the connection to its end. Does not throw.</summary>
    public async Task Run()
    {
        try
        {
            if (await Serve())
                await _transport.Linger();
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            HttpLog.Broken(_log, _transport.Remote, failure.Message);
        }
        catch (Exception failure)
        {
            // Whatever a client sends must not end the loop.
            HttpLog.ConnectionFailed(_log, _transport.Remote, failure);
            _transport.Abort();
        }
        finally
        {
            await _transport.Close();
        }
    }

    // Whether the client should be given time to read the last response.
    private async ValueTask<bool> Serve()
    {
        _machine.HandleReady(_transport.NowNs);
        _transport.Rearm();
        while (true)
        {
            var read = await _transport.Input.ReadAsync();
            switch (Take(read, out var refusal))
            {
                case Step.More:
                    continue;
                case Step.Refuse:
                    await Refuse(refusal);
                    return true;
                case Step.End:
                    return false;
            }

            var handling = Handle();
            if (handling.IsCompletedSuccessfully)
                handling.GetAwaiter().GetResult();
            else
                await handling;
            if (_machine.Phase is HttpPhase.Closed)
                return false;
            _machine.HandleReady(_transport.NowNs);
            if (_machine.Phase is HttpPhase.Closed)
                return true;
            _transport.Rearm();
            if (IsBurstOver())
                await Task.Yield();
        }
    }

    // Looks for a head in what has come, and takes it.
    private Step Take(in ReadResult read, out HttpStatusCode refusal)
    {
        var buffer = read.Buffer;
        refusal = _machine.Refusal;
        if (!buffer.IsEmpty && refusal is 0)
        {
            _machine.HandleHeadBytes(_transport.NowNs);
            refusal = _scanner.Scan(buffer, _transport.Options);
        }

        if (refusal is 0 && _scanner.End > 0)
        {
            var head = buffer.Slice(_scanner.Start, _scanner.End - _scanner.Start);
            refusal = _request.Head.Parse(head);
            if (refusal is 0 && _request.Head.Framing.ContentLength > _transport.Options.BodyBytesMax)
                refusal = HttpStatusCode.RequestEntityTooLarge;
            _transport.Input.AdvanceTo(head.End);
            _scanner = default;
            return refusal is 0 ? Step.Request : Step.Refuse;
        }

        _transport.Input.AdvanceTo(buffer.Start, buffer.End);
        _transport.Rearm();
        if (_machine.Phase is HttpPhase.Closed)
            return Step.End;
        if (read.IsCompleted && refusal is 0)
        {
            // RFC 9112 section 8: a head that is cut off is answered, should the client still read.
            refusal = HttpStatusCode.BadRequest;
            return buffer.IsEmpty ? Step.End : Step.Refuse;
        }

        return refusal is 0 ? Step.More : Step.Refuse;
    }

    private async ValueTask Refuse(HttpStatusCode status)
    {
        HttpLog.Refused(_log, _transport.Remote, (int)status);
        _body.Begin(default);
        _response.Begin(HttpVerb.Get, minorVersion: 1);
        await _response.SendRefusal(status);
    }

    private ValueTask Handle()
    {
        var head = _request.Head;
        _machine.HandleRequest(head.Framing);
        _body.Begin(head.Framing);
        _response.Begin(head.Verb, head.MinorVersion);
        ValueTask handling;
        try
        {
            handling = _handler.Handle(_request, _response);
        }
        catch (Exception failure)
        {
            return Fail(failure);
        }

        if (!handling.IsCompletedSuccessfully)
            return Await(handling);
        handling.GetAwaiter().GetResult();
        return Finish();
    }

    private async ValueTask Await(ValueTask handling)
    {
        try
        {
            await handling;
        }
        catch (Exception failure)
        {
            await Fail(failure);
            return;
        }

        await Finish();
    }

    // The handler is done: the response is ended, and what is left of the request is read away.
    private ValueTask Finish()
    {
        if (_machine.Phase is HttpPhase.Closed)
            return default; // Aborted while the handler was at work.
        _body.Release();
        var finish = _response.Finish(out var isWhole);
        if (!isWhole)
        {
            HttpLog.ShortResponse(_log, _request.ToString(), _transport.Remote);
            _transport.Abort();
        }

        var isDone = finish.IsCompletedSuccessfully && (_body.IsAtEnd || !_machine.IsPersistent);
        return isDone ? finish : FinishSlowly(finish);
    }

    private async ValueTask FinishSlowly(ValueTask finish)
    {
        await finish;
        if (!_machine.IsPersistent)
            return;
        try
        {
            if (!await _body.Drain())
                _machine.HandleLast();
        }
        catch (HttpBodyException)
        {
            _machine.HandleLast();
        }
    }

    private ValueTask Fail(Exception failure)
    {
        if (_machine.Phase is HttpPhase.Closed)
        {
            HttpLog.Broken(_log, _transport.Remote, failure.Message);
            return ValueTask.CompletedTask;
        }

        _body.Release();

        if (failure is HttpBodyException body && !_response.HasStarted)
        {
            HttpLog.Refused(_log, _transport.Remote, (int)body.Status);
            return _response.SendRefusal(body.Status);
        }

        // The peer's end of the connection is no fault of the handler.
        if (failure is FlowException or HttpBodyException)
            HttpLog.Broken(_log, _transport.Remote, failure.Message);
        else
            HttpLog.HandlerFailed(_log, _request.ToString(), _transport.Remote, failure);
        if (_response.HasStarted || failure is FlowException)
        {
            _transport.Abort();
            return ValueTask.CompletedTask;
        }

        _response.Clear();
        _response.Status = HttpStatusCode.InternalServerError;
        var send = _response.SendStatus();
        return _body.IsAtEnd || !_machine.IsPersistent ? send : FinishSlowly(send);
    }

    private bool IsBurstOver()
    {
        if (_iteration != _loop.Iterations)
            (_iteration, _burst) = (_loop.Iterations, 0);
        return ++_burst >= BurstMax;
    }
}
