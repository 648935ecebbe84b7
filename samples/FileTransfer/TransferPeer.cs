using System.Collections.Concurrent;
using WebRtcCore;

namespace FileTransfer;

/// <summary>
/// One connection to a browser or to another process. Both sides greet each other on the control channel; then each offers its files to the
/// other, on a channel per file.
/// </summary>
internal sealed class TransferPeer : IAsyncDisposable
{
    /// <summary>So many files of a peer are taken at once; every further one is refused.</summary>
    public const int MaxIncoming = TransferOptions.MaxFiles;

    private const int MaxSending = 4;
    private const int ControlChannelId = 0;

    // A peer that cannot be reached is given up after this time.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    private readonly PeerConnection _connection;
    private readonly DataChannel _control;
    private readonly IReadOnlyList<FileInfo> _files;
    private readonly IReadOnlySet<FileOffer> _has;
    private readonly IncomingDirectory? _directory;
    private readonly TransferBoard _board;
    private readonly SemaphoreSlim _sending = new(MaxSending);
    private readonly TaskCompletionSource<TransferMessage> _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Task, byte> _running = [];
    private readonly SemaphoreSlim _incomingEnded = new(0);
    private int _incoming;

    /// <summary>Prepares a connection.</summary>
    /// <param name="options">Addresses and servers.</param>
    /// <param name="files">What to offer to the peer.</param>
    /// <param name="has">What the peer need not send again.</param>
    /// <param name="directory">Where to put what the peer offers; <see langword="null"/> to take nothing.</param>
    /// <param name="board">Where the transfers are announced.</param>
    public TransferPeer(TransferOptions options, IReadOnlyList<FileInfo> files, IReadOnlySet<FileOffer> has, IncomingDirectory? directory, TransferBoard board)
    {
        _files = [.. files.Where(f => File.Exists(f.FullName))];
        _has = has;
        _directory = directory;
        _board = board;
        _connection = new PeerConnection(options.Configuration, new PeerConnectionOptions
        {
            LocalAddresses = options.Addresses.Count > 0 ? options.Addresses : null,
            IncludeLoopback = true,
        });
        _connection.DataChannel += (_, e) => Track(ReceiveAsync(e.Channel));
        _connection.IceCandidate += (_, e) =>
        {
            if (e.Candidate is not null)
            {
                CandidateGathered?.Invoke(e.Candidate);
            }
        };
        _connection.ConnectionStateChange += (_, _) =>
        {
            if (_connection.ConnectionState is PeerConnectionState.Failed or PeerConnectionState.Closed)
            {
                _ended.TrySetResult();
            }
        };

        // Both sides make this channel, so that neither has to wait for the other.
        _control = _connection.CreateDataChannel("control", new DataChannelOptions { Negotiated = true, Id = ControlChannelId });
        _control.Open += (_, _) => Greet();
        _control.Message += (_, e) => OnControlMessage(e.Message);
        _control.Closed += (_, _) => _ended.TrySetResult();
        Finished = FinishAsync();
    }

    /// <summary>A candidate to send to the peer; none comes before the description that it belongs to has been given out.</summary>
    public event Action<IceCandidate>? CandidateGathered;

    /// <summary>Completes when the connection is over, or none came about.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when every file of both sides has arrived or been cancelled: true; or when the connection is over before: false.</summary>
    public Task<bool> Finished { get; }

    public async Task OfferAsync(Action<SessionDescription> send)
    {
        var offer = await _connection.CreateOfferAsync();
        send(offer);
        await _connection.SetLocalDescriptionAsync(offer);
    }

    public async Task AnswerAsync(string sdp, Action<SessionDescription> send)
    {
        await _connection.SetRemoteDescriptionAsync(new SessionDescription(SdpType.Offer, sdp));
        var answer = await _connection.CreateAnswerAsync();
        send(answer);
        await _connection.SetLocalDescriptionAsync(answer);
    }

    public Task AcceptAnswerAsync(string sdp) => _connection.SetRemoteDescriptionAsync(new SessionDescription(SdpType.Answer, sdp));

    public Task AddCandidateAsync(IceCandidate? candidate) => _connection.AddIceCandidateAsync(candidate);

    /// <summary>Ends the connection. What is half received stays, to be resumed.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _connection.DisposeAsync();
        await Task.WhenAll(_running.Keys).ContinueWith(static _ => { }, TaskScheduler.Default);
        await Finished;
    }

    private void Greet() => _control.Send(new TransferMessage("hello")
    {
        Version = TransferMessage.ProtocolVersion,
        Files = _files.Count,
        Receives = _directory is not null,
    }.ToJson());

    private void OnControlMessage(DataChannelMessage received)
    {
        if (TransferMessage.TryParse(received, out var message) && message is { Type: "hello", Version: TransferMessage.ProtocolVersion })
        {
            _greeted.TrySetResult(message);
        }
    }

    private async Task<bool> FinishAsync()
    {
        await Task.WhenAny(_greeted.Task, _ended.Task, Task.Delay(ConnectLimit));
        if (!_greeted.Task.IsCompletedSuccessfully)
        {
            _ended.TrySetResult();
            return false;
        }

        var hello = await _greeted.Task;
        var all = Task.WhenAll(_files.Select(file => Track(SendAsync(file, hello.Receives == true))).Append(AllIncomingAsync(hello.Files ?? 0)));
        return await Task.WhenAny(all, _ended.Task) == all && all.IsCompletedSuccessfully;
    }

    private async Task AllIncomingAsync(int announced)
    {
        for (int ended = 0; _directory is not null && ended < announced; ended++)
        {
            await Task.WhenAny(_incomingEnded.WaitAsync(), _ended.Task);
            if (_ended.Task.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task SendAsync(FileInfo file, bool peerReceives)
    {
        if (!peerReceives)
        {
            _board.End(_board.Begin(incoming: false, FileOffer.Of(file), () => { }), TransferState.Cancelled, "The peer takes no files.");
            return;
        }

        if (_ended.Task.IsCompleted)
        {
            return;
        }

        await using var channel = new FileChannel(_connection.CreateDataChannel("file", new DataChannelOptions { Protocol = FileChannel.Protocol }));
        var transfer = _board.Begin(incoming: false, FileOffer.Of(file), channel.Cancel);
        await ConcludeAsync(channel, transfer, async () =>
        {
            await new FileSender(channel, file, transfer).RunAsync(_sending);
            return "The peer has it, with the same SHA-256.";
        });
    }

    private async Task ReceiveAsync(DataChannel dataChannel)
    {
        await using var channel = new FileChannel(dataChannel);
        try
        {
            if (await ReadOfferAsync(channel, dataChannel) is { } offer)
            {
                var transfer = _board.Begin(incoming: true, offer, channel.Cancel);
                await ConcludeAsync(channel, transfer, () => ReceiveAsync(channel, transfer));
                await channel.WaitUntilClosedAsync();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _incoming);
            _incomingEnded.Release();
        }
    }

    /// <summary>The offer with which a channel begins, or <see langword="null"/> where there is none or it is not wanted.</summary>
    private async Task<FileOffer?> ReadOfferAsync(FileChannel channel, DataChannel dataChannel)
    {
        try
        {
            if (Interlocked.Increment(ref _incoming) > MaxIncoming)
            {
                throw new TransferException(TransferEnd.Refused, "These are too many files at once.");
            }

            bool isReliable = dataChannel is { Ordered: true, MaxRetransmits: null, MaxPacketLifeTime: null };
            if (dataChannel.Protocol != FileChannel.Protocol || !isReliable)
            {
                throw new TransferException(TransferEnd.Refused, "This is no channel for a file.");
            }

            if (!FileOffer.TryRead(await channel.ReceiveMessageAsync("offer"), out var offer))
            {
                throw new TransferException(TransferEnd.Refused, "The offer lacks a name or a size.");
            }

            return _has.Contains(offer) ? throw new TransferException(TransferEnd.Refused, "It has arrived already.") : offer;
        }
        catch (TransferException e)
        {
            if (e.End == TransferEnd.Refused)
            {
                channel.SendCancel(e.Message);
            }

            return null;
        }
    }

    private async Task<string> ReceiveAsync(FileChannel channel, Transfer transfer)
    {
        if (_directory is null)
        {
            throw new TransferException(TransferEnd.Refused, "No files are taken here.");
        }

        using var part = await _directory.OpenAsync(transfer.File, this)
            ?? throw new TransferException(TransferEnd.Refused, "This file is being received already.");
        await using var superseded = part.Superseded.Register(channel.Cancel);
        try
        {
            string name = await new FileReceiver(channel, transfer).RunAsync(part);
            return $"Stored as {name}, SHA-256 {part.Sha256}.";
        }
        catch (OperationCanceledException) when (part.Superseded.IsCancellationRequested)
        {
            throw new TransferException(TransferEnd.Refused, "The file is sent over another connection.");
        }
        catch (Exception e) when (e is not TransferException { End: TransferEnd.Lost })
        {
            part.Discard();
            throw;
        }
    }

    /// <summary>Runs a transfer, and tells the board and the peer how it has ended.</summary>
    private async Task ConcludeAsync(FileChannel channel, Transfer transfer, Func<Task<string>> run)
    {
        try
        {
            _board.End(transfer, TransferState.Done, await run());
        }
        catch (TransferException e) when (e.End == TransferEnd.Lost)
        {
            _board.End(transfer, TransferState.Lost, e.Message);
        }
        catch (TransferException e) when (e.End == TransferEnd.CancelledByPeer)
        {
            _board.End(transfer, TransferState.Cancelled, $"The peer says: {e.Message}");
        }
        catch (Exception e) when (e is TransferException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            string reason = e is OperationCanceledException ? "Cancelled by the other side." : e.Message;
            channel.SendCancel(reason);
            _board.End(transfer, TransferState.Cancelled, e is OperationCanceledException ? "Cancelled here." : e.Message);
        }
    }

    private Task Track(Task task)
    {
        _running.TryAdd(task, 0);
        _ = task.ContinueWith(t => _running.TryRemove(t, out _), TaskScheduler.Default);
        return task;
    }
}
