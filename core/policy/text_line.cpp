// SPDX-License-Identifier: Apache-2.0
#include "policy/text_line.h"

#include "policy/notice.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace luthien::policy {

using conversation::Decision;
using conversation::Verdict;

TextLine::TextLine(std::deque<PolicyWorker>& workers, std::uint32_t choice, std::uint32_t block)
    : m_choice(choice)
    , m_block(block)
{
    for (PolicyWorker& worker : workers) {
        if (!worker.link().interests.text)
            continue;
        m_stations.emplace_back();
        m_stations.back().worker = &worker;
    }
}

void TextLine::text(std::string_view part, std::string& out)
{
    std::string passed(part);
    for (Station& station : m_stations) {
        if (station.decides() && passed.empty())
            continue; // the one before keeps it all back
        std::string result;
        change(station, station.decides() ? std::string_view(passed) : part, result);
        if (station.decides())
            passed = std::move(result);
    }
    out += passed;
}

bool TextLine::end(std::string& out)
{
    bool isHeld = false;
    std::string passed; // on from the policies that are done to those that are not
    for (Station& station : m_stations) {
        if (station.isDone || (!station.decides() && m_isEnding))
            continue;
        std::string result;
        if (station.decides() && !passed.empty())
            change(station, passed, result);
        // Behind one that holds, the others only get what it has let go.
        if (!isHeld || !station.decides())
            isHeld = (!finish(station, result) && station.decides()) || isHeld;
        if (station.decides())
            passed = std::move(result);
    }
    m_isEnding = true;
    out += passed;
    if (!isHeld)
        out += std::exchange(m_notice, {});
    return !isHeld;
}

void TextLine::askShadows()
{
    std::string nowhere;
    for (Station& station : m_stations) {
        if (!station.decides() && station.question.isWaiting())
            (void)finish(station, nowhere);
    }
}

bool TextLine::isDone() const
{
    return std::all_of(m_stations.begin(), m_stations.end(), [](const Station& s) { return s.isDone; });
}

void TextLine::withdraw()
{
    for (Station& station : m_stations)
        station.worker->withdraw(station.question);
}

void TextLine::change(Station& station, std::string_view part, std::string& out)
{
    const Clock& clock = station.worker->clock();
    const SteadyPoint start = clock.steady();
    const std::size_t before = out.size();
    station.worker->policy().text(m_choice, m_block, part, out);
    station.question.spentBefore += clock.steady() - start;
    station.change.in(part);
    station.change.out(std::string_view(out).substr(before));
}

bool TextLine::finish(Station& station, std::string& out)
{
    const std::size_t before = out.size();
    const std::optional<Judgement> judgement = station.worker->textEnd(station.question, m_choice, m_block, out);
    if (judgement && judgement->verdict.isBlocked())
        out.resize(before); // what stayed back goes nowhere
    station.change.out(std::string_view(out).substr(before));
    if (!judgement)
        return false;
    station.isDone = true;
    record(station, *judgement);
    return true;
}

void TextLine::record(Station& station, const Judgement& judgement)
{
    const bool isChanged = !station.change.isUnchanged();
    if (!isChanged && !judgement.isNotable())
        return;
    Decision decision = station.worker->decisionOf(judgement);
    decision.original = station.change.original();
    if (judgement.verdict.isBlocked()) {
        decision.agentText = station.worker->notice(judgement, kTextSubject);
        decision.final = decision.agentText;
        if (station.decides() && m_notice.empty())
            m_notice = decision.agentText;
    } else {
        decision.verdict = isChanged ? Verdict::Replace : Verdict::Continue;
        decision.final = station.change.result();
        if (decision.reason.empty() && isChanged)
            decision.reason = "The text was changed.";
    }
    station.worker->take(std::move(decision));
}

} // namespace luthien::policy
