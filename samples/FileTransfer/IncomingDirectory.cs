namespace FileTransfer;

/// <summary>The folder in which received files are stored. No name that a peer gives leads out of it, and nothing in it is overwritten.</summary>
internal sealed class IncomingDirectory
{
    private readonly string _path;
    private readonly Dictionary<string, PartFile> _open = [];

    /// <summary>Takes a folder, which is made if it is not there.</summary>
    public IncomingDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        Directory.CreateDirectory(_path);
    }

    /// <summary>Opens the place for a file, with what is there of it from an earlier connection.</summary>
    /// <param name="offer">The file.</param>
    /// <param name="owner">The connection that receives it. If another one still does, that one has to stop.</param>
    /// <returns><see langword="null"/> if <paramref name="owner"/> is receiving it already.</returns>
    public async Task<PartFile?> OpenAsync(FileOffer offer, object owner)
    {
        string path = PathOf($"{offer.Name}.{offer.Key}{FileNames.PartEnding}");
        while (true)
        {
            PartFile? other;
            lock (_open)
            {
                if (!_open.TryGetValue(path, out other))
                {
                    var part = new PartFile(this, path, offer, owner);
                    _open.Add(path, part);
                    return part;
                }
            }

            if (ReferenceEquals(other.Owner, owner))
            {
                return null;
            }

            other.Supersede();
            await other.Released;
        }
    }

    /// <summary>The path of a name in this folder.</summary>
    internal string PathOf(string name)
    {
        string path = Path.GetFullPath(Path.Combine(_path, name));

        // FileNames has seen to that already. Should it ever fail, nothing is written.
        return Path.GetDirectoryName(path) == _path.TrimEnd(Path.DirectorySeparatorChar)
            ? path
            : throw new TransferException(TransferEnd.Refused, "The name of the file leads out of the folder.");
    }

    internal void Release(PartFile part)
    {
        lock (_open)
        {
            _open.Remove(part.FullPath);
        }
    }
}
