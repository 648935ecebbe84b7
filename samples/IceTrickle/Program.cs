using IceTrickle;
using WebRtcCore;

if (!TrickleOptions.TryParse(args, out var options, out string? error))
{
    await Console.Error.WriteLineAsync($"{error} --help lists the options.");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(TrickleOptions.Usage);
    return 0;
}

if (options.IsServing)
{
    return await TricklePage.RunAsync(options);
}

try
{
    return await ConsoleReport.RunAsync(options, Console.Out, CancellationToken.None);
}
catch (Exception failure) when (failure is ArgumentException or RtcException)
{
    await Console.Error.WriteLineAsync($"{failure.Message} --help lists the options.");
    return 2;
}
