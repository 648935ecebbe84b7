using Calls;
using VoiceAgent;
using WebRtcCore.Media.Opus;

if (!VoiceOptions.TryParse(args, out var options, out string? error))
{
    await Console.Error.WriteLineAsync($"{error} --help lists the options.");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(VoiceOptions.Usage);
    return 0;
}

if (VoiceCodec.Find(options.Codec, OpusLibrary.IsAvailable) is not { } codec)
{
    await Console.Error.WriteLineAsync("Opus needs libopus, which is not installed (Debian and Ubuntu: apt-get install libopus0). --codec g711 goes without.");
    return 1;
}

return await CallServer.RunAsync(
    options.Calls,
    (number, loggerFactory) => new VoiceCall(number, options, codec, loggerFactory),
    "Talk to it. Ctrl-C ends all calls and the program.",
    map: app =>
    {
        if (codec.IsFallback)
        {
            Log.NoOpus(app.Logger, codec.Description);
        }
        else
        {
            Log.Codec(app.Logger, codec.Description);
        }
    });
