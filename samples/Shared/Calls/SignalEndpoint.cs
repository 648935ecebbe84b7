using Signalling;
using WebRtcCore;

namespace Calls;

/// <summary>The WebSocket /signal: one call with trickled candidates. The call ends with the socket.</summary>
internal static class SignalEndpoint
{
    public static void Map(WebApplication app) => app.Map("/signal", HandleAsync);

    private static async Task HandleAsync(HttpContext context, CallRegistry calls, IHostApplicationLifetime lifetime)
    {
        using var socket = await SignalRequest.AcceptAsync(context);
        if (socket is null)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
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

    private static async Task ActAsync(PeerCall call, SignalMessage message, SignalSocket signals)
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
}
