// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_request.h"

#include "desktop/models/call_texts.h"
#include "desktop/request_settings.h"
#include "protocol/dialect.h"

#include <QCoreApplication>

#include <algorithm>

namespace luthien::desktop {

using conversation::Role;

namespace {
QString tr(const char* text)
{
    return QCoreApplication::translate("Conversation", text);
}

template <typename Function>
void deliver(QObject& target, Function function)
{
    QMetaObject::invokeMethod(&target, std::move(function), Qt::QueuedConnection);
}

/// Item 0 is what comes before the messages.
store::Cursor placeOf(std::int64_t item)
{
    return {.micros = item, .row = item};
}

/// A row of its own for every item: ids are made of the item's number.
store::CallRow rowOf(const store::CallRow& call, std::int64_t item)
{
    std::array<std::uint8_t, 16> id{2};
    for (std::size_t i = 0; i < 8; ++i)
        id[15 - i] = static_cast<std::uint8_t>(item >> (8 * i));
    store::CallRow row;
    row.id = CallId(id);
    row.api = call.api;
    row.status = conversation::CallStatus::Completed;
    row.startedAt = call.startedAt;
    row.cursor = placeOf(item);
    return row;
}

QString titleOf(Role role)
{
    switch (role) {
    case Role::System:
        return tr("System");
    case Role::Assistant:
        return tr("The model");
    case Role::Tool:
        return tr("A tool");
    case Role::User:
        break;
    }
    return tr("You");
}

CallView settingsView(store::Reader& reader, const store::CallRow& call)
{
    const auto body = reader.requestBody(call.id);
    Turn turn = body ? requestSettings(*body) : Turn();
    turn.role = Role::System;
    if (!body)
        turn.blocks = {conversation::Block{.text = body.error().toString()}};
    return CallView::message(rowOf(call, 0), turn, tr("Before the messages"),
                             body ? tr("%1 bytes").arg(countText(static_cast<std::int64_t>(body->size()))) : QString());
}

CallView messageView(const store::CallRow& call, const store::MessageRow& message)
{
    Turn turn;
    turn.role = protocol::dialectFor(call.api).parseMessage(message.json, turn.blocks);
    QString detail = tr("%1 of %2").arg(message.position + 1).arg(call.messageCount);
    if (message.position >= call.freshFrom)
        detail = tr("new in this turn") + QStringLiteral("   ") + detail;
    return CallView::message(rowOf(call, std::int64_t(message.position) + 1), turn, titleOf(turn.role), detail);
}

Result<store::CallRow> callOf(const Result<store::Reader*>& reader, const std::string& session)
{
    if (!reader)
        return reader.error();
    const auto id = CallId::parse(session);
    if (!id)
        return Error{.code = ErrorCode::NotFound, .message = "there is no such call"};
    return (*reader)->call(*id);
}

Result<void> readPage(const Result<store::Reader*>& reader, LoadedCalls& loaded)
{
    const CallsRequest& request = loaded.request;
    const auto call = callOf(reader, request.session);
    if (!call)
        return call.error();
    const std::int64_t end = std::int64_t(call->messageCount) + 1;
    const bool isForward = request.order == store::Order::Ascending;
    std::int64_t first = 0;
    if (isForward)
        first = request.from ? request.from->row + 1 : 0;
    else
        first = std::max<std::int64_t>(0, (request.from ? request.from->row : end) - request.limit);
    const std::int64_t last = isForward ? std::min(end, first + request.limit) : request.from ? request.from->row : end;
    if (first == 0 && last > 0)
        loaded.calls.push_back(settingsView(**reader, *call));
    const std::int64_t from = std::max<std::int64_t>(first, 1);
    if (from < last) {
        const auto messages = (*reader)->messages(call->id, static_cast<std::uint32_t>(from - 1),
                                                  static_cast<std::uint32_t>(last - from));
        if (!messages)
            return messages.error();
        for (const store::MessageRow& message : *messages)
            loaded.calls.push_back(messageView(*call, message));
    }
    loaded.more = isForward ? last < end : first > 0;
    if (!isForward)
        std::reverse(loaded.calls.begin(), loaded.calls.end());
    return {};
}
} // namespace

StoreRequest::StoreRequest(ReaderThread& reader, QObject* parent)
    : ConversationSource(parent)
    , m_reader(reader)
{
}

void StoreRequest::loadCalls(const CallsRequest& request)
{
    m_newestToken = request.token;
    m_reader.post([this, request](const Result<store::Reader*>& reader) {
        if (request.token < m_newestToken)
            return;
        auto loaded = std::make_shared<LoadedCalls>();
        loaded->request = request;
        if (auto done = readPage(reader, *loaded); !done)
            loaded->error = fromUtf8(done.error().toString());
        deliver(*this, [this, loaded] { Q_EMIT callsLoaded(loaded); });
    });
}

void StoreRequest::loadPlaces(quint64 token, const std::string& session, const CallScope&, std::optional<store::Cursor>)
{
    m_reader.post([this, token, session](const Result<store::Reader*>& reader) {
        const auto call = callOf(reader, session);
        if (!call || token < m_newestToken)
            return;
        auto loaded = std::make_shared<LoadedPlaces>();
        loaded->token = token;
        for (std::int64_t item = call->messageCount; item >= 0; --item)
            loaded->places.push_back(placeOf(item));
        deliver(*this, [this, loaded] { Q_EMIT placesLoaded(loaded); });
    });
}

void StoreRequest::findCall(const CallSearch& search)
{
    // Messages are next to each other: the next one is the one that is looked for.
    auto found = std::make_shared<FoundCall>(FoundCall{.search = search});
    if (search.from && search.what == CallSearch::What::Any) {
        found->place = placeOf(search.from->row + (search.order == store::Order::Ascending ? 1 : -1));
        found->call = rowOf({}, found->place.row).id;
    }
    deliver(*this, [this, found] { Q_EMIT callFound(found); });
}

void StoreRequest::findTexts(const TextRequest& request)
{
    auto found = std::make_shared<FoundTextCalls>(FoundTextCalls{.request = request});
    deliver(*this, [this, found] { Q_EMIT textsFound(found); });
}

} // namespace luthien::desktop
