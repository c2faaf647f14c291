namespace EventFlux.Grains.Audit;

/// <summary>What the audit log keeps.</summary>
public enum AuditAction
{
    EventCreate,

    /// <summary>Details, capacity, or a change between draft and active.</summary>
    EventUpdate,

    EventDelete,

    /// <summary>Called off, with all its bookings.</summary>
    EventCancel,

    /// <summary>Its bookings, with names and addresses, were taken out as a file.</summary>
    EventExport,

    /// <summary>By somebody else than its owner.</summary>
    BookingCancel,

    UserRegister,
    UserRole,
    UserPassword,
    UserDelete,
}

/// <summary>How actions are written in the table and in the API: <c>event.create</c>.</summary>
public static class AuditActionText
{
    public static string ToText(this AuditAction action) => action switch
    {
        AuditAction.EventCreate => "event.create",
        AuditAction.EventUpdate => "event.update",
        AuditAction.EventDelete => "event.delete",
        AuditAction.EventCancel => "event.cancel",
        AuditAction.EventExport => "event.export",
        AuditAction.BookingCancel => "booking.cancel",
        AuditAction.UserRegister => "user.register",
        AuditAction.UserRole => "user.role",
        AuditAction.UserPassword => "user.password",
        AuditAction.UserDelete => "user.delete",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };
}
