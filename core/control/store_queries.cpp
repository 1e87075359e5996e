// SPDX-License-Identifier: Apache-2.0
#include "control/store_queries.h"

#include "archive/filtered_lists.h"
#include "archive/json_shapes.h"
#include "archive/text_hits.h"
#include "control/policy_desk.h"

#include <chrono>

namespace luthien::control {

namespace {
constexpr std::size_t kMaxWaiting = 128;
constexpr std::chrono::seconds kQueryDeadline(5);

/// {"items":[...],"next":...}
template <typename Row, typename ToJson>
std::string listJson(const std::vector<Row>& rows, const std::string& next, ToJson toJson)
{
    std::string json = "{\"items\":[";
    for (const Row& row : rows) {
        if (&row != &rows.front())
            json += ',';
        json += toJson(row);
    }
    return json + "],\"next\":" + (next.empty() ? "null" : '"' + next + '"') + '}';
}

template <typename Row, typename ToJson>
Answer pageAnswer(const Result<store::Page<Row>>& page, ToJson toJson)
{
    if (!page)
        return problemFrom(page.error());
    return listJson(page->items, page->next ? store::toText(*page->next) : std::string(), toJson);
}

template <typename Row, typename ToJson>
Answer rowAnswer(const Result<Row>& row, ToJson toJson)
{
    return row ? Answer(toJson(*row)) : Answer(problemFrom(row.error()));
}

Answer eventsAnswer(store::Reader& reader, const Route& route)
{
    if (const auto call = reader.call(route.call); !call)
        return problemFrom(call.error());
    const auto page = reader.events(route.call, route.fromSeq, route.limit);
    if (!page)
        return problemFrom(page.error());
    return listJson(page->items, page->next ? std::to_string(*page->next) : std::string(),
                    [](const store::EventRow& row) { return archive::eventJson(row); });
}

archive::FilteredLists filtered(store::Reader& reader, const Route& route)
{
    return {reader, route.filter, SystemClock().now()};
}

Answer callsAnswer(store::Reader& reader, const Route& route)
{
    if (const auto session = reader.session(route.session); !session)
        return problemFrom(session.error());
    return pageAnswer(filtered(reader, route).callsOfSession(route.session, route.cursor, route.limit),
                      [](const store::CallRow& row) { return archive::callJson(row); });
}

Answer decisionsAnswer(store::Reader& reader, const Route& route)
{
    const auto decisionJson = [](const store::DecisionRow& row) { return archive::decisionJson(row); };
    if (!route.session.empty()) {
        if (const auto session = reader.session(route.session); !session)
            return problemFrom(session.error());
    }
    return pageAnswer(
        filtered(reader, route).decisions({.session = route.session, .call = route.call}, route.cursor, route.limit),
        decisionJson);
}

Answer hitsAnswer(store::Reader& reader, const Route& route)
{
    const archive::TextHitQuery query{
        .words = route.words, .order = route.order, .filter = route.filter, .now = SystemClock().now()};
    return pageAnswer(archive::findHits(reader, query, route.cursor, route.limit),
                      [](const archive::TextHit& hit) { return archive::hitJson(hit); });
}

/// What is to be kept elsewhere: with it a cut off end shows, too.
Answer evidenceAnswer(store::Reader& reader)
{
    const auto head = reader.evidenceHead();
    const auto keyId = head ? reader.evidenceKeyId() : Result<std::string>(head.error());
    if (!keyId)
        return problemFrom(keyId.error());
    return "{\"number\":" + std::to_string(head->number) + ",\"sha256\":\"" + toHex(head->sha256) +
           "\",\"key_id\":" + (keyId->empty() ? "null" : '"' + *keyId + '"') + '}';
}
} // namespace

Answer queryStore(store::Reader& reader, const Route& route)
{
    const auto sessionJson = [](const store::SessionRow& row) { return archive::sessionJson(row); };
    switch (route.resource) {
    case Resource::Sessions:
        return pageAnswer(filtered(reader, route).sessions(route.cursor, route.limit), sessionJson);
    case Resource::Session:
        return rowAnswer(reader.session(route.session), sessionJson);
    case Resource::SessionCalls:
        return callsAnswer(reader, route);
    case Resource::Call:
        return rowAnswer(reader.call(route.call), [](const store::CallRow& row) { return archive::callJson(row); });
    case Resource::CallEvents:
        return eventsAnswer(reader, route);
    case Resource::Decisions:
        return decisionsAnswer(reader, route);
    case Resource::Search:
        return hitsAnswer(reader, route);
    case Resource::Evidence:
        return evidenceAnswer(reader);
    case Resource::PolicyVersions:
        return pageAnswer(reader.policyHistory(route.policy, route.cursor, route.limit),
                          [](const store::PolicyChangeRow& row) { return toJson(row); });
    case Resource::Health:
    case Resource::Ready:
    case Resource::Policies:
    case Resource::Policy:
    case Resource::Approvals:
    case Resource::Approval:
    case Resource::ApprovalPreview:
    case Resource::ApprovalRules:
    case Resource::ApprovalRule:
    case Resource::ApprovalRulePreview:
    case Resource::EventStream:
        break;
    }
    return Problem{.status = 500, .code = "internal_error", .detail = "This is not kept in the store."};
}

StoreQueries::StoreQueries(OpenReader open)
    : m_open(std::move(open))
    , m_thread([this] { run(); })
{
}

StoreQueries::~StoreQueries()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stops = true;
        m_questions.clear();
        if (m_reader)
            m_reader->interrupt();
    }
    m_wake.notify_one();
    m_thread.join();
}

bool StoreQueries::ask(Route route, std::function<void(Answer)> deliver)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_questions.size() >= kMaxWaiting)
            return false;
        m_questions.push_back({std::move(route), std::move(deliver)});
    }
    m_wake.notify_one();
    return true;
}

void StoreQueries::run()
{
    while (true) {
        Question question;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stops || !m_questions.empty(); });
            if (m_stops)
                break;
            question = std::move(m_questions.front());
            m_questions.pop_front();
        }
        question.deliver(answer(question.route));
    }
    const std::lock_guard lock(m_mutex);
    m_reader.reset(); // by the thread that opened it
}

Answer StoreQueries::answer(const Route& route)
{
    const auto opened = reader();
    return opened ? queryStore(**opened, route) : Answer(problemFrom(opened.error()));
}

Result<store::Reader*> StoreQueries::reader()
{
    if (m_reader)
        return m_reader.get();
    auto opened = m_open();
    if (!opened)
        return Error{.code = ErrorCode::Unavailable, .message = opened.error().toString()};
    (*opened)->setDeadline(kQueryDeadline);
    const std::lock_guard lock(m_mutex);
    m_reader = *std::move(opened);
    return m_reader.get();
}

} // namespace luthien::control
