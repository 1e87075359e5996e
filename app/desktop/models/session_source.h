// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// Reads sessions for a model without ever making it wait: each request is answered by one signal, later, in the order
/// asked, except that a page may never be answered if newer page requests overtook it. Thread: GUI.
class SessionSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The list itself, a bounded run after a place; ask again with next.
    virtual void loadList(std::optional<store::Cursor> from) = 0;
    /// Rows for the screen: those after a place. Newer requests go first.
    virtual void loadPage(quint64 token, std::optional<store::Cursor> from, std::uint32_t limit) = 0;
    /// One session whose row may have changed.
    virtual void loadSession(const std::string& id) = 0;

Q_SIGNALS:
    void listLoaded(const std::shared_ptr<const luthien::desktop::LoadedSessions>& sessions);
    void pageLoaded(const std::shared_ptr<const luthien::desktop::LoadedSessions>& sessions);
    /// The request with this token was dropped for newer ones.
    void pageDropped(quint64 token);
    void sessionLoaded(const std::shared_ptr<const luthien::store::SessionRow>& session);
    /// One that was asked for is not there, or not any more.
    void sessionMissing(const std::string& id);
};

} // namespace luthien::desktop
