namespace EventFlux.Silo.Hosting;

/// <summary>
/// A start that can't go on for a reason that the person at the keyboard can mend. The message is all that they get
/// to see (no stack trace), so it names what is wrong and what to do; it never holds a secret.
/// </summary>
internal sealed class StartupException(string message) : Exception(message);
