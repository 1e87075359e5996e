// SPDX-License-Identifier: Apache-2.0
#include "store/evidence_check.h"

#include "store/call_removal.h"
#include "store/database.h"
#include "store/evidence_digest.h"
#include "store/evidence_link.h"
#include "store/text_check.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace luthien::store {

namespace {
constexpr std::int64_t kLinksPerPage = 500;
constexpr std::int64_t kContentsPerPage = 100;

Digest digestIn(std::string_view bytes)
{
    Digest digest{};
    std::ranges::copy(bytes.substr(0, digest.size()), digest.begin());
    return digest;
}

/// Goes through the tables until something does not fit. A step gives the sentence that says what is wrong; empty =
/// nothing is.
class Checker
{
public:
    enum class Signatures : std::uint8_t { Checked, Ignored };

    Checker(Database& database, const EvidenceCheck& check, Signatures signatures)
        : m_database(database)
        , m_check(check)
        , m_signatures(signatures == Signatures::Checked)
        , m_texts(database)
    {
    }

    Result<EvidenceReport> check()
    {
        auto done = checkLinks();
        if (done && !m_report.firstBreak)
            checkEnd();
        if (done && !m_report.firstBreak)
            done = checkContents();
        if (done && !m_report.firstBreak)
            done = checkLoose("find_unchained_decision", "decision");
        if (done && !m_report.firstBreak)
            done = checkLoose("find_unchained_call", "call");
        return done ? Result<EvidenceReport>(std::move(m_report)) : done.error();
    }

    Result<EvidenceReport> checkSession(std::string_view session)
    {
        const auto subjects = subjectsOf(session);
        if (!subjects)
            return subjects.error();
        std::set<std::int64_t> calls;
        for (const auto& [link, call] : *subjects) {
            auto done = m_report.firstBreak ? Result<void>() : checkAlone(link);
            if (done && !m_report.firstBreak && calls.insert(call).second)
                done = checkTexts(call);
            if (!done)
                return done.error();
            if (m_check.progress && !m_check.progress(link))
                return stopped();
        }
        return std::move(m_report);
    }

private:
    static Error stopped() { return {ErrorCode::Timeout, "the check was stopped", "evidence"}; }

    struct Subject
    {
        std::int64_t link = 0;
        std::int64_t call = 0; ///< row
    };
    /// By link. One without a link breaks.
    Result<std::vector<Subject>> subjectsOf(std::string_view session)
    {
        auto list = m_database.statement("list_subjects_of_session");
        if (!list)
            return list.error();
        if (auto done = (*list)->bindText(":session", session).exec(); !done)
            return done.error();
        std::vector<Subject> subjects;
        auto row = (*list)->next();
        for (; row && *row && !m_report.firstBreak; row = (*list)->next()) {
            if ((*list)->number(0) == 0)
                breaksAt(0, "the " + std::string(evidenceKindName(static_cast<EvidenceKind>((*list)->number(1)))) +
                                ' ' + (*list)->id(2).toString() + " is in no link");
            subjects.push_back({.link = (*list)->number(0), .call = (*list)->number(3)});
        }
        (*list)->finish();
        return row ? Result<std::vector<Subject>>(std::move(subjects)) : row.error();
    }

    /// A link against the one before it, whatever that one is about.
    Result<void> checkAlone(std::int64_t number)
    {
        const auto pair = readEvidenceLinks(m_database, std::max<std::int64_t>(0, number - 2), number == 1 ? 1 : 2);
        if (!pair)
            return pair.error();
        if (pair->empty() || pair->back().number != number)
            return {}; // removed since its number was read
        if (number > 1 && (pair->size() < 2 || pair->front().number != number - 1)) {
            breaksAt(number - 1, linkName(number - 1) + " is missing");
            return {};
        }
        const EvidenceLink& link = pair->back();
        m_report.head = number == 1 ? EvidenceHead() : EvidenceHead{number - 1, digestIn(pair->front().sha256)};
        return checkLink(link);
    }

    Result<void> checkTexts(std::int64_t call)
    {
        const auto broken = m_texts.checkCall(call);
        if (broken && *broken)
            breaksAtText(**broken);
        return broken ? Result<void>() : broken.error();
    }

    void breaksAt(std::int64_t link, std::string what) { m_report.firstBreak = EvidenceBreak{link, std::move(what)}; }
    void breaksAtText(std::int64_t text)
    {
        breaksAt(0, "the stored text " + std::to_string(text) + " is not what was recorded");
    }

    Result<void> checkLinks()
    {
        while (true) {
            const auto page = readEvidenceLinks(m_database, m_report.head.number, kLinksPerPage);
            if (!page)
                return page.error();
            for (const EvidenceLink& link : *page) {
                if (auto done = checkLink(link); !done || m_report.firstBreak)
                    return done;
            }
            if (page->empty())
                return {};
            if (m_check.progress && !m_check.progress(m_report.head.number))
                return stopped();
        }
    }

    Result<void> checkLink(EvidenceLink link)
    {
        while (true) {
            const std::int64_t expected = m_report.head.number + 1;
            if (link.number != expected) {
                breaksAt(expected, linkName(expected) + " is missing");
                return {};
            }
            auto wrong = whatIsWrongWith(link);
            if (!wrong)
                return wrong.error();
            if (wrong->empty())
                break;
            // Its subject may have been removed since the link was read.
            const auto again = readEvidenceLinks(m_database, link.number - 1, 1);
            if (!again)
                return again.error();
            if (again->empty() || again->front() == link) {
                breaksAt(link.number, *std::move(wrong));
                return {};
            }
            link = again->front();
        }
        m_report.head = {link.number, digestIn(link.sha256)};
        ++m_report.links;
        m_report.removed += link.removal ? 1 : 0;
        m_report.bodiless += link.bodiesRemoval && !link.removal ? 1 : 0;
        return {};
    }

    Result<std::string> whatIsWrongWith(const EvidenceLink& link)
    {
        if (!link.isKnown())
            return linkName(link.number) + " is of a form that this program does not know";
        auto wrong = link.removal ? checkRemoved(link) : checkSubject(link);
        if (wrong && wrong->empty())
            wrong = checkKept(link);
        return wrong && wrong->empty() && m_signatures ? checkSignature(link) : wrong;
    }

    /// The hash of what is gone cannot be computed; the link that says so holds it.
    Result<std::string> checkRemoved(const EvidenceLink& link)
    {
        const bool canGo = link.evidenceKind() == EvidenceKind::Call || link.evidenceKind() == EvidenceKind::Decision;
        if (!canGo || link.subject || link.sha256.size() != Digest().size())
            return linkName(link.number) + " is not one whose subject can have been removed";
        return checkRemovalOf(link, *link.removal, Texts::WithRow);
    }

    Result<std::string> checkSubject(const EvidenceLink& link)
    {
        const auto json = link.subject ? evidenceOf(m_database, link.evidenceKind(), *link.subject)
                                       : Result<std::optional<std::string>>(std::nullopt);
        if (!json)
            return json.error();
        if (!*json)
            return "the " + subjectName(link) + " is missing";
        if (asBytes(linkDigest(m_report.head.sha256, **json)) != link.sha256)
            return "the " + subjectName(link) + " is not what was recorded: " + **json;
        if (link.bodiesRemoval) {
            if (auto wrong = checkRemovalOf(link, *link.bodiesRemoval, Texts::Alone); !wrong || !wrong->empty())
                return wrong;
        }
        switch (link.evidenceKind()) {
        case EvidenceKind::Call:
            return checkCall(link);
        case EvidenceKind::Removal:
            return checkRemoval(link);
        case EvidenceKind::Decision:
        case EvidenceKind::Key:
            break;
        }
        return std::string();
    }

    enum class Texts : std::uint8_t { WithRow, Alone };
    /// There is a later link that says that it was removed; what it covers is checked when that one's turn comes.
    Result<std::string> checkRemovalOf(const EvidenceLink& link, std::int64_t removal, Texts texts)
    {
        if (!m_reasons.contains(removal)) {
            const auto reason = reasonOf(removal);
            if (!reason)
                return reason.error();
            m_reasons.emplace(removal, *reason);
        }
        const std::optional<std::int64_t> reason = m_reasons.at(removal);
        const bool isOfTexts = reason == static_cast<std::int64_t>(RemovalReason::BodiesRetention);
        if (removal > link.number && reason && isOfTexts == (texts == Texts::Alone))
            return std::string();
        return "the " + subjectName(link) + " is missing, and no later link says that it was removed";
    }

    Result<std::optional<std::int64_t>> reasonOf(std::int64_t removal)
    {
        auto get = m_database.statement("get_removal_reason");
        return get ? (*get)->bind(":link", removal).firstNumber() : get.error();
    }

    /// What a link says about a removal, against the links that name it.
    Result<std::string> checkRemoval(const EvidenceLink& link)
    {
        const auto reason = reasonOf(link.number);
        if (!reason)
            return reason.error();
        const bool isOfTexts = *reason == static_cast<std::int64_t>(RemovalReason::BodiesRetention);
        const auto covered =
            readRemovedLinks(m_database, link.number, isOfTexts ? RemovedPart::Texts : RemovedPart::Subject);
        auto get = m_database.statement("get_removal_evidence");
        if (!covered || !get)
            return covered ? get.error() : covered.error();
        if (auto done = (*get)->bind(":id", link.subject.value_or(0)).exec(); !done)
            return done.error();
        const auto row = (*get)->next();
        const bool holds = row && *row && (*get)->number(2) == static_cast<std::int64_t>(covered->size()) &&
                           (*get)->blob(3) == asBytes(removalDigest(*covered));
        (*get)->finish();
        if (!row)
            return row.error();
        return holds ? std::string() : "what was removed is not what " + linkName(link.number) + " says was removed";
    }

    Result<std::string> checkKept(const EvidenceLink& link) const
    {
        const bool isOther = m_check.keptHead && m_check.keptHead->number == link.number &&
                             asBytes(m_check.keptHead->sha256) != link.sha256;
        return isOther ? linkName(link.number) + " is not the one that was kept elsewhere" : std::string();
    }

    Result<std::string> checkSignature(const EvidenceLink& link)
    {
        auto keyId = keyIdFrom(link);
        if (!keyId)
            return keyId.error();
        const bool isOurs = m_check.key != nullptr && m_check.key->id() == *keyId;
        if (keyId->empty() != link.hmac.empty())
            return linkName(link.number) + (link.hmac.empty() ? " is not signed, though a key was in force"
                                                              : " is signed, though no key was in force");
        if (isOurs && asBytes(m_check.key->sign(digestIn(link.sha256))) != link.hmac)
            return linkName(link.number) + " is not signed with the key: it was not written by this program";
        if (m_report.stretches.empty() || m_report.stretches.back().keyId != *keyId)
            m_report.stretches.push_back({.first = link.number, .keyId = *keyId, .isVerified = isOurs});
        m_report.stretches.back().last = link.number;
        return std::string();
    }

    /// The id of the key in force from this link on; empty = none.
    Result<std::string> keyIdFrom(const EvidenceLink& link)
    {
        if (link.evidenceKind() != EvidenceKind::Key)
            return m_report.stretches.empty() ? std::string() : m_report.stretches.back().keyId;
        auto get = m_database.statement("get_key_evidence");
        if (!get)
            return get.error();
        if (auto done = (*get)->bind(":id", link.subject.value_or(0)).exec(); !done)
            return done.error();
        const auto row = (*get)->next();
        std::string id = row && *row ? (*get)->text(1) : std::string();
        (*get)->finish();
        return row ? Result<std::string>(std::move(id)) : row.error();
    }

    /// The hash that the link holds to, against the bytes it is about.
    Result<std::string> checkCall(const EvidenceLink& link)
    {
        // Before the bytes, which may be on their way out meanwhile.
        const auto stored = recordedOf(*link.subject);
        if (!stored)
            return stored.error();
        const bool isSaid = stored->removal == CallRemovalState::Whole || link.bodiesRemoval;
        if (!isSaid || stored->removal == CallRemovalState::AllGoing)
            return "the " + subjectName(link) + " is marked as removed, and no link says so";
        const auto computed = recordedDigest(m_database, *link.subject);
        if (!computed && computed.error().code != ErrorCode::NotFound)
            return computed.error();
        const bool isWhole = computed && asBytes(*computed) == stored->sha256;
        if (isWhole || (link.bodiesRemoval && bodiesAreGone(computed, stored->removal)))
            return std::string();
        return "the requests or events of the " + subjectName(link) + " are not those that were recorded";
    }

    /// Nothing may stand in the place of what was removed, once all of it is; nothing shows what is left until then.
    static bool bodiesAreGone(const Result<Digest>& computed, CallRemovalState removal)
    {
        if (removal == CallRemovalState::TextsGoing)
            return true;
        return removal == CallRemovalState::TextsGone && computed && *computed == recordedDigest({}, {});
    }

    /// What can be told once all links are read.
    void checkEnd()
    {
        if (m_check.keptHead && m_check.keptHead->number > m_report.head.number)
            breaksAt(m_report.head.number + 1, "the chain ends at " + linkName(m_report.head.number) + ", but " +
                                                   linkName(m_check.keptHead->number) + " was kept elsewhere");
    }

    struct Recorded
    {
        std::string sha256;
        CallRemovalState removal = CallRemovalState::Whole;
    };
    Result<Recorded> recordedOf(std::int64_t call)
    {
        auto get = m_database.statement("get_call_recorded");
        if (!get)
            return get.error();
        if (auto done = (*get)->bind(":call", call).exec(); !done)
            return done.error();
        const auto found = (*get)->next();
        Recorded recorded;
        if (found && *found)
            recorded = {(*get)->blob(0), static_cast<CallRemovalState>((*get)->number(1))};
        (*get)->finish();
        return found ? Result<Recorded>(std::move(recorded)) : found.error();
    }

    Result<void> checkContents()
    {
        std::int64_t last = 0;
        while (true) {
            const auto some = m_texts.checkSome(last, kContentsPerPage);
            if (some && some->broken)
                breaksAtText(*some->broken);
            if (!some || some->broken || some->last == last)
                return some ? Result<void>() : some.error();
            last = some->last;
            if (m_check.progress && !m_check.progress(m_report.head.number))
                return stopped();
        }
    }

    Result<void> checkLoose(const char* query, const std::string& what)
    {
        auto find = m_database.statement(query);
        if (!find)
            return find.error();
        if (auto done = (*find)->bind(":row", std::int64_t{0}).exec(); !done)
            return done;
        const auto row = (*find)->next();
        if (row && *row)
            breaksAt(0, "the " + what + " " + (*find)->id(0).toString() + " is in no link");
        (*find)->finish();
        return row ? Result<void>() : row.error();
    }

    Database& m_database;
    const EvidenceCheck& m_check;
    const bool m_signatures;
    TextCheck m_texts;
    EvidenceReport m_report;
    std::map<std::int64_t, std::optional<std::int64_t>> m_reasons; ///< of removals, by link; none = it is none
};
} // namespace

Result<EvidenceReport> checkEvidence(Database& database, const EvidenceCheck& check)
{
    return Checker(database, check, Checker::Signatures::Checked).check();
}

Result<EvidenceReport> checkEvidenceOfSession(Database& database, std::string_view session, const EvidenceCheck& check)
{
    auto get = database.statement("get_session");
    if (!get)
        return get.error();
    if (auto done = (*get)->bindText(":uid", session).exec(); !done)
        return done.error();
    const auto row = (*get)->next();
    (*get)->finish();
    if (!row)
        return row.error();
    if (!*row)
        return Error{ErrorCode::NotFound, "there is no such session", std::string(session)};
    const EvidenceCheck links{.progress = check.progress};
    return Checker(database, links, Checker::Signatures::Ignored).checkSession(session);
}

} // namespace luthien::store
