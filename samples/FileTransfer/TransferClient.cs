using System.Collections.Concurrent;
using System.Net.WebSockets;
using Signalling;
using WebRtcCore;

namespace FileTransfer;

/// <summary>Connects to a process that serves, exchanges all files, and ends. A lost connection is made again, and the transfers go on where they were.</summary>
internal sealed class TransferClient
{
    private const int MaxRetries = 6;

    private readonly TransferOptions _options;
    private readonly TransferBoard _board;
    private readonly Terminal _terminal;
    private readonly IncomingDirectory? _directory;
    private readonly ConcurrentDictionary<(bool Incoming, FileOffer File), Transfer> _ended = [];

    private TransferClient(TransferOptions options, TransferBoard board, Terminal terminal)
    {
        _options = options;
        _board = board;
        _terminal = terminal;
        _directory = options.ReceiveDirectory is null ? null : new IncomingDirectory(options.ReceiveDirectory);
        board.Ended += transfer => _ended[(transfer.Incoming, transfer.File)] = transfer;
    }

    /// <summary>Runs to the end, and returns the exit code.</summary>
    public static async Task<int> RunAsync(TransferOptions options, TransferBoard board, Terminal terminal)
    {
        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            interrupt.Cancel();
        };
        using var shown = new CancellationTokenSource();
        terminal.ListenToKeys(options.Keys);
        var showing = terminal.ShowProgressAsync(shown.Token);
        try
        {
            return await new TransferClient(options, board, terminal).RunAsync(interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            terminal.WriteLine("Interrupted. The same command goes on where it was.");
            return 130;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        finally
        {
            await shown.CancelAsync();
            await showing;
        }
    }

    private async Task<int> RunAsync(CancellationToken interrupt)
    {
        int failures = 0;
        while (true)
        {
            long before = _ended.Values.Sum(t => t.Offset);
            string problem = "The connection was lost.";
            try
            {
                if (await ExchangeAsync(interrupt))
                {
                    return _ended.Values.All(t => t.State == TransferState.Done) ? 0 : 1;
                }

                failures = _ended.Values.Sum(t => t.Offset) > before ? 1 : failures + 1;
            }
            catch (Exception e) when (e is WebSocketException or RtcException or ArgumentException)
            {
                problem = $"{_options.ConnectUrl} cannot be reached: {e.Message}";
                failures++;
            }

            if (failures > MaxRetries || _ended.IsEmpty)
            {
                await Console.Error.WriteLineAsync(problem);
                return 1;
            }

            _terminal.WriteLine($"{problem} Trying again.");
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(1 << (failures - 1), 15)), interrupt);
        }
    }

    /// <summary>Makes one connection; true when there is nothing left to do, false when the connection is over before.</summary>
    private async Task<bool> ExchangeAsync(CancellationToken interrupt)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(SignalAddress(_options.ConnectUrl!), interrupt);
        await using var signals = new SignalSocket(socket, interrupt);
        var has = _ended.Values.Where(t => t.Incoming && t.State != TransferState.Lost).Select(t => t.File).ToHashSet();
        var files = _options.Files.Where(f => !_ended.TryGetValue((false, FileOffer.Of(f)), out var ended) || ended.State == TransferState.Lost).ToList();
        await using var peer = new TransferPeer(_options, files, has, _directory, _board);
        peer.CandidateGathered += candidate => signals.Send(new SignalMessage("candidate") { Candidate = candidate });
        await peer.OfferAsync(offer => signals.Send(new SignalMessage("offer") { Sdp = offer.Sdp }));

        var signalling = ReceiveSignalsAsync(peer, signals);
        if (await Task.WhenAny(peer.Finished, signalling) == signalling)
        {
            await signalling;
        }

        interrupt.ThrowIfCancellationRequested();
        return peer.Finished.IsCompleted && await peer.Finished;
    }

    private static async Task ReceiveSignalsAsync(TransferPeer peer, SignalSocket signals)
    {
        while (await signals.ReceiveAsync() is { } message)
        {
            switch (message.Type)
            {
                case "answer" when message.Sdp is not null:
                    await peer.AcceptAnswerAsync(message.Sdp);
                    break;
                case "candidate":
                    await peer.AddCandidateAsync(message.Candidate);
                    break;
                case "error":
                    throw new ArgumentException(message.Message);
            }
        }
    }

    private static Uri SignalAddress(Uri address) => new UriBuilder(new Uri(address, "signal")) { Scheme = address.Scheme == "https" ? "wss" : "ws" }.Uri;
}
