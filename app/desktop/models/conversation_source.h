// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_view.h"

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace luthien::desktop {

/// A page of a session's calls, wanted or delivered.
struct CallsRequest
{
    quint64 token = 0;  ///< of the conversation that asks; answers to older ones are of no use
    quint64 serial = 0; ///< of the request; a jump makes the ones before it useless
    std::string session;
    store::Order order = store::Order::Descending;
    std::optional<store::Cursor> from;
    std::uint32_t limit = 0;
};

struct LoadedCalls
{
    CallsRequest request;
    std::vector<CallView> calls; ///< in the order asked for, settled
    bool more = false;           ///< the session has calls beyond the last one
    QString error;               ///< one sentence; empty = none
};

/// Where all calls of a session stand.
struct LoadedPlaces
{
    quint64 token = 0;
    std::vector<store::Cursor> places; ///< newest first
    std::optional<store::Cursor> next;
};

/// Reads conversations for a model without ever making it wait: each request is answered by one signal, later.
/// Thread: GUI.
class ConversationSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void loadCalls(const CallsRequest& request) = 0;
    /// Answered as callLoaded, or not at all if the record does not have it yet.
    virtual void loadCall(quint64 token, CallId call) = 0;
    /// A bounded number of places after from; ask again with next.
    virtual void loadPlaces(quint64 token, const std::string& session, std::optional<store::Cursor> from) = 0;

Q_SIGNALS:
    void callsLoaded(const std::shared_ptr<luthien::desktop::LoadedCalls>& calls);
    void callLoaded(quint64 token, const std::shared_ptr<luthien::desktop::CallView>& call);
    void placesLoaded(const std::shared_ptr<const luthien::desktop::LoadedPlaces>& places);
};

} // namespace luthien::desktop
