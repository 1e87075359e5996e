// SPDX-License-Identifier: Apache-2.0
#include "policy/request_line.h"

#include "policy/notice.h"

#include <QUtf8StringView>

#include <algorithm>
#include <utility>

namespace luthien::policy {

using conversation::AnsweredBy;
using conversation::Decision;
using conversation::PartChange;
using conversation::RequestAnswer;
using conversation::RequestPart;
using conversation::Verdict;

namespace {

bool isUtf8(std::string_view text)
{
    return QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8();
}

/// What is wrong with a policy's changes; empty = nothing.
std::string_view mistakeIn(const std::vector<PartChange>& changes, std::size_t parts)
{
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].part >= parts)
            return "The policy changed a part that the request does not have.";
        if (i > 0 && changes[i].part <= changes[i - 1].part)
            return "The policy's changes are out of order.";
        if (!isUtf8(changes[i].text))
            return "The policy's text is not valid UTF-8.";
    }
    return {};
}

std::size_t bytesOf(std::span<const RequestPart> parts)
{
    std::size_t bytes = 0;
    for (const RequestPart& part : parts)
        bytes += sizeof(part) + part.text.size();
    return bytes;
}

void addLine(std::string& all, std::string_view text)
{
    if (!all.empty())
        all += '\n';
    all += boundedText(text, kMaxRecordedBytes);
    all.resize(boundedText(all, kMaxRecordedBytes).size());
}

} // namespace

RequestLine::RequestLine(std::deque<PolicyWorker>& workers)
{
    for (PolicyWorker& worker : workers) {
        if (worker.link().interests.request)
            m_stations.push_back({.worker = &worker, .question = {}});
    }
    m_isNeeded = !m_stations.empty();
}

std::optional<RequestAnswer> RequestLine::ask(Parts parts)
{
    if (m_answer)
        return m_answer;
    bool isHeld = false;
    for (Station& station : m_stations) {
        if (station.isDone)
            continue;
        if (!station.worker->enforces()) {
            if (!m_isBegun)
                (void)askStation(station, parts);
        } else if (m_isBlocked) {
            station.isDone = true;
        } else if (!isHeld) {
            isHeld = !askStation(station, m_changed.empty() ? parts : Parts(m_changed));
        }
    }
    keepForShadows(parts);
    m_isBegun = true;
    if (isHeld)
        return std::nullopt;
    m_answer = RequestAnswer{.isBlocked = m_isBlocked, .notice = std::move(m_notice), .changes = {}};
    for (std::size_t i = 0; i < m_changed.size() && !m_isBlocked; ++i) {
        if (m_changed[i].text != parts[i].text)
            m_answer->changes.push_back({i, std::move(m_changed[i].text)});
    }
    m_changed.clear();
    return m_answer;
}

void RequestLine::askShadows()
{
    bool isWaiting = false;
    for (Station& station : m_stations) {
        if (station.worker->enforces() || !station.question.isWaiting())
            continue;
        isWaiting = !askStation(station, m_original) || isWaiting;
    }
    if (!isWaiting)
        m_original.clear();
}

void RequestLine::fail(const Error& why)
{
    for (Station& station : m_stations) {
        if (station.worker->enforces() || std::exchange(station.isDone, true))
            continue;
        station.worker->withdraw(station.question);
        station.worker->take(station.worker->decisionOf(station.worker->failure(why)));
    }
}

void RequestLine::withdraw()
{
    for (Station& station : m_stations)
        station.worker->withdraw(station.question);
}

bool RequestLine::askStation(Station& station, Parts parts)
{
    if (!station.worker->enforces() && !station.question.isWaiting())
        station.question.bytes = bytesOf(parts);
    std::optional<Judgement> judgement = station.worker->request(station.question, parts);
    if (!judgement)
        return false;
    station.isDone = true;
    carryOut(station, std::move(*judgement), parts);
    return true;
}

void RequestLine::carryOut(const Station& station, Judgement judgement, Parts parts)
{
    PolicyVerdict& verdict = judgement.verdict;
    if (verdict.verdict == Verdict::Replace) {
        if (const std::string_view mistake = mistakeIn(verdict.changes, parts.size()); !mistake.empty()) {
            verdict.verdict = Verdict::Block;
            verdict.answeredBy = AnsweredBy::Error;
            verdict.reason = mistake;
        }
        std::erase_if(verdict.changes, [&](const PartChange& change) {
            return verdict.isBlocked() || change.text == parts[change.part].text;
        });
        if (verdict.changes.empty() && !verdict.isBlocked())
            verdict.verdict = Verdict::Continue;
    }
    const std::string notice = verdict.isBlocked() ? station.worker->notice(judgement, kRequestSubject) : std::string();
    if (judgement.isNotable())
        record(station, judgement, parts, notice);
    if (!station.worker->enforces())
        return;
    if (verdict.isBlocked()) {
        m_isBlocked = true;
        m_notice = notice;
    } else if (verdict.verdict == Verdict::Replace) {
        if (m_changed.empty())
            m_changed.assign(parts.begin(), parts.end());
        for (PartChange& change : verdict.changes)
            m_changed[change.part].text = std::move(change.text);
    }
}

/// The request itself is in the record of the call; a decision only keeps the parts that were changed.
void RequestLine::record(const Station& station, const Judgement& judgement, Parts parts, std::string agentText)
{
    Decision decision = station.worker->decisionOf(judgement);
    decision.agentText = std::move(agentText);
    if (decision.verdict == Verdict::Block)
        decision.final = decision.agentText;
    if (decision.verdict == Verdict::Replace) {
        for (const PartChange& change : judgement.verdict.changes) {
            addLine(decision.original, parts[change.part].text);
            addLine(decision.final, change.text);
        }
        if (decision.reason.empty())
            decision.reason = "The request was changed.";
    }
    station.worker->take(std::move(decision));
}

void RequestLine::keepForShadows(Parts parts)
{
    if (m_isBegun)
        return;
    const bool isNeeded = std::any_of(m_stations.begin(), m_stations.end(),
                                      [](const Station& s) { return !s.worker->enforces() && s.question.isWaiting(); });
    if (isNeeded)
        m_original.assign(parts.begin(), parts.end());
}

} // namespace luthien::policy
