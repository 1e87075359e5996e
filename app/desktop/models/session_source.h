// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/expression.h"
#include "store/rows.h"

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace luthien::desktop {

/// A run of sessions, newest activity first.
struct LoadedSessions
{
    quint64 token = 0;
    std::vector<store::SessionRow> items;
    std::optional<store::Cursor> next; ///< none = these were the last
    QString error;                     ///< one sentence; empty = none
};

/// Which sessions are looked for.
struct SessionSearch
{
    quint64 token = 0; ///< of what is looked for; older ones are of no use any more
    filter::Expression filter;
    TimePoint now;                     ///< what times of the filter count from
    std::optional<store::Cursor> from; ///< only those after that place
};

/// Reads sessions for a model without ever making it wait: each request is answered by one signal, later, in the order
/// asked, except that a page may never be answered if newer page requests overtook it, and a search not if a newer one
/// did. Thread: GUI.
class SessionSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The list itself, a bounded run after a place; ask again with next.
    virtual void loadList(std::optional<store::Cursor> from) = 0;
    /// Rows for the screen: those at these places, newest first; which are not there any more do not come. Newer
    /// requests go first.
    virtual void loadRows(quint64 token, std::vector<store::Cursor> places) = 0;
    /// One session whose row may have changed.
    virtual void loadSession(const std::string& id) = 0;
    /// A bounded run of those that the filter matches; ask again with next. What runs for an older token ends.
    virtual void find(const SessionSearch& search) = 0;
    /// Whether the filter matches one session.
    virtual void check(const SessionSearch& search, const std::string& id) = 0;

Q_SIGNALS:
    void listLoaded(const std::shared_ptr<const luthien::desktop::LoadedSessions>& sessions);
    void pageLoaded(const std::shared_ptr<const luthien::desktop::LoadedSessions>& sessions);
    /// The request with this token was dropped for newer ones.
    void pageDropped(quint64 token);
    void sessionLoaded(const std::shared_ptr<const luthien::store::SessionRow>& session);
    /// One that was asked for is not there, or not any more.
    void sessionMissing(const std::string& id);
    /// One that was asked for could not be read; why is one sentence.
    void sessionFailed(const std::string& id, const QString& why);
    /// May be few, or none, with a next place still.
    void found(const std::shared_ptr<const luthien::desktop::LoadedSessions>& sessions);
    void checked(quint64 token, const std::string& id, bool matches);
};

} // namespace luthien::desktop
