using Calls;
using VoiceAgent;

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

return await CallServer.RunAsync(
    options.Calls,
    (number, loggerFactory) => new VoiceCall(number, options, loggerFactory),
    "Talk to it. Ctrl-C ends all calls and the program.");
