using Measuring;

namespace FileTransfer;

/// <summary>One file on its way, as the terminal shows it. Safe to use from any thread.</summary>
internal sealed class Transfer(bool incoming, FileOffer file, Action cancel)
{
    private readonly RateMeter _meter = new(TimeSpan.FromSeconds(4));
    private long _offset;
    private volatile int _state;

    /// <summary>Whether the file comes in; otherwise it goes out.</summary>
    public bool Incoming => incoming;

    public FileOffer File => file;

    public TransferState State => (TransferState)_state;

    /// <summary>So many bytes are where they should be.</summary>
    public long Offset
    {
        get => Interlocked.Read(ref _offset);
        set => Interlocked.Exchange(ref _offset, value);
    }

    /// <summary>How many bytes were there from an earlier connection.</summary>
    public long ResumedAt { get; private set; }

    /// <summary>What became of it, as a sentence.</summary>
    public string Remark { get; private set; } = "";

    /// <summary>Bytes a second over the last seconds. For one caller, who asks several times a second.</summary>
    public double MeasureRate() => _meter.Measure(Offset);

    /// <summary>Bytes begin to move, from the place where an earlier connection has stopped.</summary>
    public void Start(long offset)
    {
        ResumedAt = offset;
        Offset = offset;
        _state = (int)TransferState.Running;
    }

    /// <summary>Somebody at this machine wants no more of it.</summary>
    public void Cancel() => cancel();

    public void End(TransferState state, string remark)
    {
        Remark = remark;
        _state = (int)state;
    }
}

/// <summary>What becomes of a transfer.</summary>
internal enum TransferState
{
    /// <summary>The peer has not accepted yet, or what it has is being checked.</summary>
    Waiting,

    /// <summary>Bytes move.</summary>
    Running,

    /// <summary>All is there, and the SHA-256 is right.</summary>
    Done,

    /// <summary>One side wants no more of it.</summary>
    Cancelled,

    /// <summary>The connection was lost; it can be resumed.</summary>
    Lost,
}
