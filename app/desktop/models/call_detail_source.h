// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/decision.h"
#include "store/rows.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace luthien::desktop {

/// What is known about one call, without its bodies.
struct CallDetail
{
    store::CallRow call;
    std::int64_t number = 0;                       ///< its place in the session, from 1; 0 = not counted
    std::int64_t calls = 0;                        ///< of the session
    std::string requestHead;                       ///< method, target and headers as JSON; empty = not recorded
    std::string responseHead;                      ///< status and headers as JSON; empty = none came
    std::vector<conversation::Decision> decisions; ///< in the order they were made
    bool hasSentRequest = false;                   ///< the upstream got another request than came
    CallId original;                               ///< the call it was sent again from; nil = none that is still there
    std::string originalSession;
    std::int64_t resends = 0; ///< how often it was sent again
};

/// A text of a call that can be long.
enum class CallText : std::uint8_t {
    Request,     ///< the body as it came
    SentRequest, ///< the body as it went upstream instead
    Body,        ///< of the reply, as it came
    Reply,       ///< what the reply says, put together: the JSON of a conversation::Response
    SentReply,   ///< the same of what the client got instead; empty = it got the reply
};

/// One event of a call, for a list.
struct EventBrief
{
    std::uint32_t seq = 0;
    TimePoint at;
    conversation::Direction direction = conversation::Direction::Received;
    conversation::WireKind kind = conversation::WireKind::Head;
    std::uint64_t size = 0; ///< bytes
    std::string begin;      ///< the first of them

    bool operator==(const EventBrief&) const = default;
};

/// A call in a form to be given away.
enum class CallForm : std::uint8_t { Curl, Json, Markdown };

/// Reads what the inspector shows without ever making it wait: each request is answered by one signal, later. Answers
/// carry the token they were asked with. Thread: GUI.
class CallDetailSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void loadDetail(quint64 token, CallId call) = 0;
    virtual void loadText(quint64 token, CallId call, CallText which) = 0;
    /// Those with seq >= from, some hundred of them; answered by eventsLoaded.
    virtual void loadEvents(quint64 token, CallId call, std::uint32_t from) = 0;
    virtual void loadEvent(quint64 token, CallId call, std::uint32_t seq) = 0;
    /// address = of the server a command is to ask.
    virtual void loadForm(quint64 token, CallId call, CallForm form, const std::string& address) = 0;

Q_SIGNALS:
    void detailLoaded(quint64 token, const std::shared_ptr<const luthien::desktop::CallDetail>& detail);
    void textLoaded(quint64 token, luthien::desktop::CallText which, const std::shared_ptr<const std::string>& text);
    void eventsLoaded(quint64 token, const std::shared_ptr<const std::vector<luthien::desktop::EventBrief>>& events,
                      bool more);
    void eventLoaded(quint64 token, quint32 seq, const std::shared_ptr<const std::string>& bytes);
    void formLoaded(quint64 token, luthien::desktop::CallForm form, const QString& text);
    /// In place of any of them: one sentence.
    void failed(quint64 token, const QString& problem);
};

} // namespace luthien::desktop
