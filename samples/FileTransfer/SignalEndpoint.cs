using Signalling;
using WebRtcCore;

namespace FileTransfer;

/// <summary>The WebSocket /signal: one connection with trickled candidates, made by a page or by another process. The connection ends with the socket.</summary>
internal sealed class SignalEndpoint(TransferOptions options, TransferBoard board, IHostApplicationLifetime lifetime)
{
    private const int MaxPeers = 100;

    private static readonly HashSet<FileOffer> Nothing = [];

    private readonly IncomingDirectory? _directory = options.ReceiveDirectory is null ? null : new IncomingDirectory(options.ReceiveDirectory);
    private int _peers;

    public void Map(WebApplication app) => app.Map("/signal", HandleAsync);

    private async Task HandleAsync(HttpContext context)
    {
        using var socket = await SignalRequest.AcceptAsync(context);
        if (socket is null)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await using var signals = new SignalSocket(socket, stop.Token);
        try
        {
            if (Interlocked.Increment(ref _peers) > MaxPeers)
            {
                signals.Send(new SignalMessage("error") { Message = "This process has as many connections as it takes. Try again later." });
                return;
            }

            await using var peer = new TransferPeer(options, options.Files, Nothing, _directory, board);
            peer.CandidateGathered += candidate => signals.Send(new SignalMessage("candidate") { Candidate = candidate });
            var receiving = ReceiveAsync(peer, signals);
            await Task.WhenAny(receiving, peer.Ended);
            if (receiving.IsCompleted)
            {
                await receiving;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _peers);
        }
    }

    private static async Task ReceiveAsync(TransferPeer peer, SignalSocket signals)
    {
        try
        {
            while (await signals.ReceiveAsync() is { } message)
            {
                await ActAsync(peer, message, signals);
            }
        }
        catch (Exception e) when (e is RtcException or ArgumentException)
        {
            signals.Send(new SignalMessage("error") { Message = $"The peer did not accept that: {e.Message}" });
        }
    }

    private static async Task ActAsync(TransferPeer peer, SignalMessage message, SignalSocket signals)
    {
        switch (message.Type)
        {
            case "offer" when message.Sdp is not null:
                await peer.AnswerAsync(message.Sdp, answer => signals.Send(new SignalMessage("answer") { Sdp = answer.Sdp }));
                break;
            case "candidate":
                await peer.AddCandidateAsync(message.Candidate);
                break;
            default:
                throw new ArgumentException("A message is an offer or a candidate.");
        }
    }
}
