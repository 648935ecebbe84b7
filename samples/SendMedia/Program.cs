using Calls;
using SendMedia;
using SendMedia.Sources;

if (!SendOptions.TryParse(args, out var options, out string? error))
{
    await Console.Error.WriteLineAsync($"{error} --help lists the options.");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(SendOptions.Usage);
    return 0;
}

Broadcast broadcast;
try
{
    broadcast = new Broadcast(await SourceFactory.CreateAsync(options));
}
catch (SourceException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

return await CallServer.RunAsync(
    options.Calls,
    (number, loggerFactory) => new ViewerCall(number, options, broadcast, loggerFactory),
    $"It shows {broadcast.Source.Description}. Ctrl-C ends the program.",
    services => services.AddHostedService(s => new BroadcastService(broadcast, s.GetRequiredService<ILogger<Broadcast>>())),
    limit: options.MaxViewers);
