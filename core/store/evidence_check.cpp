// SPDX-License-Identifier: Apache-2.0
#include "store/evidence_check.h"

#include "store/call_removal.h"
#include "store/compression.h"
#include "store/database.h"
#include "store/evidence_digest.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace luthien::store {

namespace {
constexpr std::int64_t kLinksPerPage = 500;
constexpr std::int64_t kContentsPerPage = 100;

struct Link
{
    std::int64_t number = 0;
    std::int64_t kind = 0;
    std::optional<std::int64_t> subject;
    std::int64_t form = 0;
    std::string sha256;
    std::string hmac;
    std::optional<std::int64_t> removal;
    std::optional<std::int64_t> bodiesRemoval;

    [[nodiscard]] EvidenceKind evidenceKind() const { return static_cast<EvidenceKind>(kind); }
    [[nodiscard]] bool isKnown() const
    {
        return form == kEvidenceForm && kind >= static_cast<std::int64_t>(EvidenceKind::Call) &&
               kind <= static_cast<std::int64_t>(EvidenceKind::Key);
    }
    bool operator==(const Link&) const = default;
};

Link linkIn(const Statement& row)
{
    const auto optional = [&row](int column) {
        return row.isNull(column) ? std::nullopt : std::optional(row.number(column));
    };
    return {.number = row.number(0),
            .kind = row.number(1),
            .subject = optional(2),
            .form = row.number(3),
            .sha256 = row.blob(4),
            .hmac = row.blob(5),
            .removal = optional(6),
            .bodiesRemoval = optional(7)};
}

Digest digestIn(std::string_view bytes)
{
    Digest digest{};
    std::ranges::copy(bytes.substr(0, digest.size()), digest.begin());
    return digest;
}

std::string linkName(std::int64_t number)
{
    return "link " + std::to_string(number);
}

/// "call that link 7 is about"
std::string subjectName(const Link& link)
{
    return std::string(evidenceKindName(link.evidenceKind())) + " that " + linkName(link.number) + " is about";
}

/// Goes through the tables until something does not fit. A step gives the sentence that says what is wrong; empty =
/// nothing is.
class Checker
{
public:
    Checker(Database& database, const EvidenceCheck& check)
        : m_database(database)
        , m_check(check)
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

private:
    void breaksAt(std::int64_t link, std::string what) { m_report.firstBreak = EvidenceBreak{link, std::move(what)}; }

    Result<void> checkLinks()
    {
        while (true) {
            const auto page = linksAfter(m_report.head.number, kLinksPerPage);
            if (!page)
                return page.error();
            for (const Link& link : *page) {
                if (auto done = checkLink(link); !done || m_report.firstBreak)
                    return done;
            }
            if (page->empty())
                return {};
            if (m_check.progress && !m_check.progress(m_report.head.number))
                return Error{ErrorCode::Timeout, "the check was stopped", "evidence"};
        }
    }

    Result<std::vector<Link>> linksAfter(std::int64_t number, std::int64_t limit)
    {
        auto list = m_database.statement("list_evidence");
        if (!list)
            return list.error();
        if (auto done = (*list)->bind(":row", number).bind(":limit", limit).exec(); !done)
            return done.error();
        std::vector<Link> links;
        auto row = (*list)->next();
        for (; row && *row; row = (*list)->next())
            links.push_back(linkIn(**list));
        (*list)->finish();
        return row ? Result<std::vector<Link>>(std::move(links)) : row.error();
    }

    Result<void> checkLink(Link link)
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
            const auto again = linksAfter(link.number - 1, 1);
            if (!again)
                return again.error();
            if (again->empty() || again->front() == link) {
                breaksAt(link.number, *std::move(wrong));
                return {};
            }
            link = again->front();
        }
        m_report.head = {link.number, digestIn(link.sha256)};
        m_report.removed += link.removal ? 1 : 0;
        m_report.bodiless += link.bodiesRemoval && !link.removal ? 1 : 0;
        return {};
    }

    Result<std::string> whatIsWrongWith(const Link& link)
    {
        if (!link.isKnown())
            return linkName(link.number) + " is of a form that this program does not know";
        auto wrong = link.removal ? checkRemoved(link) : checkSubject(link);
        if (wrong && wrong->empty())
            wrong = checkKept(link);
        return wrong && wrong->empty() ? checkSignature(link) : wrong;
    }

    /// The hash of what is gone cannot be computed; the link that says so holds it.
    Result<std::string> checkRemoved(const Link& link)
    {
        const bool canGo = link.evidenceKind() == EvidenceKind::Call || link.evidenceKind() == EvidenceKind::Decision;
        if (!canGo || link.subject || link.sha256.size() != Digest().size())
            return linkName(link.number) + " is not one whose subject can have been removed";
        return checkRemovalOf(link, *link.removal, Texts::WithRow);
    }

    Result<std::string> checkSubject(const Link& link)
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
    Result<std::string> checkRemovalOf(const Link& link, std::int64_t removal, Texts texts)
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
    Result<std::string> checkRemoval(const Link& link)
    {
        const auto reason = reasonOf(link.number);
        if (!reason)
            return reason.error();
        const bool isOfTexts = *reason == static_cast<std::int64_t>(RemovalReason::BodiesRetention);
        const auto covered = coveredBy(link.number, isOfTexts ? "list_bodiless_evidence" : "list_removed_evidence");
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

    Result<std::vector<EvidenceHead>> coveredBy(std::int64_t removal, const char* query)
    {
        auto list = m_database.statement(query);
        if (!list)
            return list.error();
        if (auto done = (*list)->bind(":removal", removal).exec(); !done)
            return done.error();
        std::vector<EvidenceHead> links;
        auto row = (*list)->next();
        for (; row && *row; row = (*list)->next())
            links.push_back(linkFrom(**list));
        (*list)->finish();
        return row ? Result<std::vector<EvidenceHead>>(std::move(links)) : row.error();
    }

    Result<std::string> checkKept(const Link& link) const
    {
        const bool isOther = m_check.keptHead && m_check.keptHead->number == link.number &&
                             asBytes(m_check.keptHead->sha256) != link.sha256;
        return isOther ? linkName(link.number) + " is not the one that was kept elsewhere" : std::string();
    }

    Result<std::string> checkSignature(const Link& link)
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
    Result<std::string> keyIdFrom(const Link& link)
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
    Result<std::string> checkCall(const Link& link)
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

    /// The hashes of texts, which links and digests hold to, against the texts.
    Result<void> checkContents()
    {
        std::int64_t last = 0;
        while (true) {
            const std::int64_t before = last;
            if (auto done = checkContentsAfter(last); !done || m_report.firstBreak)
                return done;
            if (last == before)
                return {};
            if (m_check.progress && !m_check.progress(m_report.head.number))
                return Error{ErrorCode::Timeout, "the check was stopped", "evidence"};
        }
    }

    Result<void> checkContentsAfter(std::int64_t& last)
    {
        auto list = m_database.statement("list_contents");
        if (!list)
            return list.error();
        if (auto done = (*list)->bind(":row", last).bind(":limit", kContentsPerPage).exec(); !done)
            return done;
        auto row = (*list)->next();
        for (; row && *row && !m_report.firstBreak; row = (*list)->next()) {
            last = (*list)->number(0);
            const auto bytes = m_compression.unpack(static_cast<Codec>((*list)->number(3)), (*list)->blob(4),
                                                    static_cast<std::uint64_t>((*list)->number(2)));
            if (!bytes || asBytes(Sha256::of(*bytes)) != (*list)->blob(1))
                breaksAt(0, "the stored text " + std::to_string(last) + " is not what was recorded");
        }
        (*list)->finish();
        return row ? Result<void>() : row.error();
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
    Compression m_compression;
    EvidenceReport m_report;
    std::map<std::int64_t, std::optional<std::int64_t>> m_reasons; ///< of removals, by link; none = it is none
};
} // namespace

Result<EvidenceReport> checkEvidence(Database& database, const EvidenceCheck& check)
{
    return Checker(database, check).check();
}

} // namespace luthien::store
