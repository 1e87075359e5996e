// SPDX-License-Identifier: Apache-2.0
#include "store/evidence_check.h"

#include "store/compression.h"
#include "store/database.h"
#include "store/evidence_digest.h"

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
    std::int64_t subject = 0;
    std::int64_t form = 0;
    std::string sha256;
};

/// Goes through the tables until something does not fit.
class Checker
{
public:
    Checker(Database& database, const std::function<bool(std::int64_t)>& progress)
        : m_database(database)
        , m_progress(progress)
    {
    }

    Result<EvidenceReport> check()
    {
        auto done = checkLinks();
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
            const auto page = linksAfter(m_report.head.number);
            if (!page)
                return page.error();
            for (const Link& link : *page) {
                if (auto done = checkLink(link); !done || m_report.firstBreak)
                    return done;
            }
            if (page->empty())
                return {};
            if (m_progress && !m_progress(m_report.head.number))
                return Error{ErrorCode::Timeout, "the check was stopped", "evidence"};
        }
    }

    Result<std::vector<Link>> linksAfter(std::int64_t number)
    {
        auto list = m_database.statement("list_evidence");
        if (!list)
            return list.error();
        if (auto done = (*list)->bind(":row", number).bind(":limit", kLinksPerPage).exec(); !done)
            return done.error();
        std::vector<Link> links;
        auto row = (*list)->next();
        for (; row && *row; row = (*list)->next())
            links.push_back(
                {(*list)->number(0), (*list)->number(1), (*list)->number(2), (*list)->number(3), (*list)->blob(4)});
        (*list)->finish();
        return row ? Result<std::vector<Link>>(std::move(links)) : row.error();
    }

    Result<void> checkLink(const Link& link)
    {
        const std::int64_t expected = m_report.head.number + 1;
        if (link.number != expected) {
            breaksAt(expected, "link " + std::to_string(expected) + " is missing");
            return {};
        }
        const bool isKnown = link.form == kEvidenceForm && (link.kind == static_cast<int>(EvidenceKind::Call) ||
                                                            link.kind == static_cast<int>(EvidenceKind::Decision));
        if (!isKnown) {
            breaksAt(link.number,
                     "link " + std::to_string(link.number) + " is of a form that this program does not know");
            return {};
        }
        const auto kind = static_cast<EvidenceKind>(link.kind);
        const auto json = evidenceOf(m_database, kind, link.subject);
        if (!json)
            return json.error();
        if (!*json) {
            breaksAt(link.number, "the " + nameOf(link) + " is about is missing");
            return {};
        }
        const Digest digest = linkDigest(m_report.head.sha256, **json);
        if (asBytes(digest) != link.sha256) {
            breaksAt(link.number, "the " + nameOf(link) + " is about is not what was recorded: " + **json);
            return {};
        }
        m_report.head = {link.number, digest};
        return kind == EvidenceKind::Call ? checkCall(link) : Result<void>();
    }

    static std::string nameOf(const Link& link)
    {
        const auto kind = static_cast<EvidenceKind>(link.kind);
        return std::string(evidenceKindName(kind)) + " that link " + std::to_string(link.number);
    }

    /// The hash that the link holds to, against the bytes it is about.
    Result<void> checkCall(const Link& link)
    {
        const auto computed = recordedDigest(m_database, link.subject);
        if (!computed && computed.error().code != ErrorCode::NotFound)
            return computed.error();
        const auto stored = recordedColumn(link.subject);
        if (!stored)
            return stored.error();
        if (!computed || asBytes(*computed) != *stored)
            breaksAt(link.number,
                     "the requests or events of the " + nameOf(link) + " is about are not those that were recorded");
        return {};
    }

    Result<std::string> recordedColumn(std::int64_t call)
    {
        auto get = m_database.statement("get_call_recorded");
        if (!get)
            return get.error();
        if (auto done = (*get)->bind(":call", call).exec(); !done)
            return done.error();
        const auto found = (*get)->next();
        std::string digest = found && *found ? (*get)->blob(0) : std::string();
        (*get)->finish();
        return found ? Result<std::string>(std::move(digest)) : found.error();
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
            if (m_progress && !m_progress(m_report.head.number))
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
    const std::function<bool(std::int64_t)>& m_progress;
    Compression m_compression;
    EvidenceReport m_report;
};
} // namespace

Result<EvidenceReport> checkEvidence(Database& database, const std::function<bool(std::int64_t)>& progress)
{
    return Checker(database, progress).check();
}

} // namespace luthien::store
