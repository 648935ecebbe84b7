using WebRtcCore;

namespace EchoPeer;

/// <summary>The WebSocket /signal: one call with trickled candidates. The call ends with the socket.</summary>
internal static class SignalEndpoint
{
    public static void Map(WebApplication app) => app.Map("/signal", HandleAsync);

    private static async Task HandleAsync(HttpContext context, CallRegistry calls, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "This address speaks WebSocket.");
            return;
        }

        if (!IsOwnPage(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Pages of other sites cannot call here.");
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await using var signals = new SignalSocket(socket, stop.Token);
        if (!calls.TryBegin(out var call))
        {
            signals.Send(new SignalMessage("error") { Message = CallRegistry.LimitText });
            return;
        }

        call.CandidateGathered += candidate => signals.Send(new SignalMessage("candidate") { Candidate = candidate });
        string reason = "the page went away";
        try
        {
            while (await signals.ReceiveAsync() is { } message)
            {
                await ActAsync(call, message, signals);
            }
        }
        catch (Exception e) when (e is RtcException or ArgumentException)
        {
            reason = "its signalling made no sense";
            signals.Send(new SignalMessage("error") { Message = $"The peer did not accept that: {e.Message}" });
        }
        finally
        {
            await calls.EndAsync(call, reason);
        }
    }

    private static async Task ActAsync(EchoCall call, SignalMessage message, SignalSocket signals)
    {
        switch (message.Type)
        {
            case "offer" when message.Sdp is not null:
                await call.AnswerAsync(message.Sdp, answer => signals.Send(new SignalMessage("answer") { Sdp = answer.Sdp }));
                break;
            case "candidate":
                await call.AddCandidateAsync(message.Candidate);
                break;
            default:
                throw new ArgumentException("A message is an offer or a candidate.");
        }
    }

    // A WebSocket is not held back by the same-origin policy: without this, any page could open calls from here.
    private static bool IsOwnPage(HttpRequest request) =>
        request.Headers.Origin is not [{ Length: > 0 } origin] || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence);
    }
}
