using System.Security.Cryptography;

namespace FileTransfer;

/// <summary>A file that is being received: what is there of it lies beside its final place under a name of its own, and stays when the connection is lost.</summary>
internal sealed class PartFile : IDisposable
{
    private const int BlockSize = 64 * 1024;

    private readonly IncomingDirectory _directory;
    private readonly FileOffer _offer;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly CancellationTokenSource _superseded = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;

    internal PartFile(IncomingDirectory directory, string path, FileOffer offer, object owner)
    {
        _directory = directory;
        _offer = offer;
        FullPath = path;
        Owner = owner;
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous);
        if (_stream.Length > offer.Size)
        {
            _stream.SetLength(0);
        }
    }

    public string FullPath { get; }

    /// <summary>The connection over which it comes.</summary>
    public object Owner { get; }

    /// <summary>How many bytes are there.</summary>
    public long Length => _stream.Position;

    /// <summary>The SHA-256 of the bytes that are there.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Whether the disk has room for what is still to come. Where that cannot be told, as on a network share of Windows, it is tried.</summary>
    public bool HasRoom
    {
        get
        {
            try
            {
                return new DriveInfo(Path.GetDirectoryName(FullPath)!).AvailableFreeSpace >= _offer.Size - Length;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }
    }

    /// <summary>Cancelled when the same file comes over another connection: the sender has come back before the loss of the old one was noticed.</summary>
    public CancellationToken Superseded => _superseded.Token;

    internal Task Released => _released.Task;

    /// <summary>Reads what an earlier connection has left, which makes <see cref="Length"/> and <see cref="Sha256"/> right.</summary>
    public async Task HashWhatIsThereAsync(CancellationToken cancellationToken)
    {
        var block = new byte[BlockSize];
        int read;
        while ((read = await _stream.ReadAsync(block, cancellationToken)) > 0)
        {
            _hash.AppendData(block, 0, read);
        }
    }

    /// <summary>Forgets what is there.</summary>
    public void Restart()
    {
        _stream.Position = 0;
        _stream.SetLength(0);
        _ = _hash.GetHashAndReset();
    }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
    }

    /// <summary>Gives the file its final name, or "name (2).ext" and so on where that is taken, and returns it.</summary>
    public string Complete()
    {
        _stream.Dispose();
        for (int number = 1; ; number++)
        {
            string name = FileNames.Numbered(_offer.Name, number);
            string path = _directory.PathOf(name);
            try
            {
                // Does not overwrite, whoever else writes here.
                File.Move(FullPath, path, overwrite: false);
                return name;
            }
            catch (IOException) when (Path.Exists(path))
            {
                // The name is taken: the next one.
            }
        }
    }

    /// <summary>Deletes what is there.</summary>
    public void Discard()
    {
        _stream.Dispose();
        File.Delete(FullPath);
    }

    /// <summary>Closes the file and keeps what is there of it.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        bool isEmpty = _stream.CanSeek && _stream.Length == 0;
        _stream.Dispose();
        if (isEmpty)
        {
            File.Delete(FullPath);
        }

        _hash.Dispose();
        _directory.Release(this);
        _released.TrySetResult();
    }

    internal void Supersede() => _superseded.Cancel();
}
