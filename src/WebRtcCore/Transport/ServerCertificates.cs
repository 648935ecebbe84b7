using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebRtcCore.Transport;

/// <summary>Judges the certificate of a server that was reached by DTLS, as <see cref="SslStream"/> judges those of TLS.</summary>
internal static class ServerCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Checks chain, purpose and name, and asks the application where it wants to be asked.</summary>
    /// <param name="encoded">What the server has sent, its own certificate first.</param>
    /// <param name="hostName">The name or address that the certificate must have.</param>
    /// <param name="callback">Decides in place of the rules, if there is one.</param>
    /// <exception cref="AuthenticationException">The certificate is not accepted.</exception>
    public static void Check(IReadOnlyList<byte[]> encoded, string hostName, RemoteCertificateValidationCallback? callback)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            foreach (var one in encoded)
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(one));
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            chain.ChainPolicy.ExtraStore.AddRange(certificates);
            var own = certificates[0];
            var errors = chain.Build(own) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors;
            errors |= own.MatchesHostname(hostName) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateNameMismatch;
            if (!(callback?.Invoke(chain, own, chain, errors) ?? errors == SslPolicyErrors.None))
            {
                throw new AuthenticationException($"The server's certificate is not accepted: {errors}.");
            }
        }
        catch (CryptographicException exception)
        {
            throw new AuthenticationException("The server's certificate cannot be read.", exception);
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }
}
