using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TurnServerSample;
using WebRtcCore;

if (args is ["--help" or "-h" or "-?"])
{
    Console.WriteLine(TurnSettings.Usage);
    return 0;
}

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
using var host = builder.Build();
var settings = host.Services.GetRequiredService<IConfiguration>().GetSection(TurnSettings.Section).Get<TurnSettings>() ?? new TurnSettings();
if (settings.Users.Count == 0 && settings.Secret.Length == 0)
{
    await Console.Error.WriteLineAsync("There is nobody to serve: name a user or a secret. --help lists the settings.");
    return 2;
}

TurnServer server;
try
{
    server = TurnServer.Start(
        settings.ToOptions(host.Services.GetRequiredService<ILoggerFactory>()),
        new TurnUsers(settings.Users, settings.Secret.Length == 0 ? null : settings.Secret));
}
catch (Exception failure) when (failure is ArgumentException or FormatException or IOException or SocketException or CryptographicException)
{
    await Console.Error.WriteLineAsync($"The server cannot be started: {failure.Message}");
    return 1;
}

await using (server)
{
    Console.WriteLine($"UDP and TCP: {string.Join(", ", server.EndPoints)}");
    if (server.TlsEndPoints.Count > 0)
    {
        Console.WriteLine($"TLS: {string.Join(", ", server.TlsEndPoints)}");
    }

    Console.WriteLine("Ctrl-C ends all allocations and the program.");
    await host.RunAsync();
}

return 0;
