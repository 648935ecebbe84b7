namespace SendMedia.Sources;

/// <summary>Gives frames at the pace of a live source.</summary>
internal interface IMediaSource
{
    /// <summary>For people: "a test pattern", "the file x.webm".</summary>
    string Description { get; }

    /// <summary>The media type of the pictures; <see langword="null"/> if there are none.</summary>
    string? VideoMimeType { get; }

    /// <summary>Smallest first.</summary>
    IReadOnlyList<VideoLayer> Layers { get; }

    /// <summary>Whether there may be sound, in Opus.</summary>
    bool HasAudio { get; }

    /// <summary>Gives frames until it is stopped or fails.</summary>
    /// <param name="publish">Takes a frame; called from one or more tasks, for one layer or the sound in order.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="SourceException">It cannot go on.</exception>
    Task RunAsync(Action<SourceFrame> publish, CancellationToken stop);
}
