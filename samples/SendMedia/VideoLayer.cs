namespace SendMedia;

/// <summary>One of the sizes that the picture is encoded in.</summary>
/// <param name="Height">In pixels; the width follows from the source.</param>
/// <param name="BitrateBps">What its encoder makes, in bits per second; 0 where that is not known.</param>
internal readonly record struct VideoLayer(int Height, long BitrateBps);
