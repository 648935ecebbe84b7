using Calls;
using EchoPeer;

if (!EchoOptions.TryParse(args, out var options, out string? error))
{
    await Console.Error.WriteLineAsync($"{error} --help lists the options.");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(EchoOptions.Usage);
    return 0;
}

return await CallServer.RunAsync(
    options.Calls,
    (number, loggerFactory) => new EchoCall(number, options.Calls, loggerFactory),
    "Ctrl-C ends all calls and the program.");
