// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/search_model.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <chrono>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using store::TextKind;

namespace {
// Between two keys of somebody who types.
constexpr auto kRest = 200ms;
// So far before the end of what is found, more is searched for.
constexpr int kAhead = 25;

/// On one line: lines would push the words that were found out of sight.
QString oneLine(std::string_view text)
{
    QString line = fromUtf8(text);
    for (const QChar blank : {u'\n', u'\r', u'\t'})
        line.replace(blank, u' ');
    return visibleText(line);
}

QString glyphOf(TextKind kind)
{
    switch (kind) {
    case TextKind::User:
        return u"person"_s;
    case TextKind::Assistant:
    case TextKind::Thinking:
        return u"spark"_s;
    case TextKind::Arguments:
        return u"tool"_s;
    case TextKind::Result:
        return u"reply"_s;
    case TextKind::System:
        return u"terminal"_s;
    }
    return {};
}
} // namespace

SearchModel::SearchModel(SearchSource& source, const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_clock(clock)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRest);
    connect(&m_rest, &QTimer::timeout, this, &SearchModel::apply);
    connect(&source, &SearchSource::hitsLoaded, this,
            [this](const std::shared_ptr<const LoadedHits>& loaded) { take(*loaded); });
}

int SearchModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant SearchModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Shown& shown = m_hits[static_cast<std::size_t>(index.row())];
    const archive::TextHit& hit = shown.found.hit;
    switch (role) {
    case SessionRole:
        return fromUtf8(hit.session);
    case CallRole:
        return fromUtf8(hit.call.toString());
    case TitleRole:
        return shown.found.title;
    case KindRole: {
        const std::array<QString, 6> kinds{tr("Asked"),     tr("Answered"),    tr("Thinking"),
                                           tr("Tool call"), tr("Tool result"), tr("System prompt")};
        return kinds.at(static_cast<std::size_t>(hit.kind));
    }
    case GlyphRole:
        return glyphOf(hit.kind);
    case TimeRole:
        return agoText(hit.at, m_clock.now());
    case TextRole:
        return shown.text;
    case MarksRole:
        return QVariant::fromValue(shown.marks);
    default:
        return {};
    }
}

QHash<int, QByteArray> SearchModel::roleNames() const
{
    return {{SessionRole, "sessionId"}, {CallRole, "callId"}, {TitleRole, "title"}, {KindRole, "kind"},
            {GlyphRole, "glyph"},       {TimeRole, "time"},   {TextRole, "text"},   {MarksRole, "marks"}};
}

void SearchModel::setQuery(const QString& query)
{
    if (query == m_query)
        return;
    m_query = query.left(static_cast<qsizetype>(filter::WordQuery::kMaxBytes));
    m_rest.start();
    Q_EMIT queryChanged();
}

void SearchModel::setBestFirst(bool bestFirst)
{
    if (bestFirst == isBestFirst())
        return;
    m_order = bestFirst ? store::FoundOrder::BestFirst : store::FoundOrder::NewestFirst;
    apply();
    Q_EMIT queryChanged();
}

void SearchModel::setFilter(const filter::Expression& filter)
{
    m_filter = filter;
    apply();
}

void SearchModel::apply()
{
    m_rest.stop();
    ++m_request.token;
    m_source.cancel(m_request.token);
    m_isSearching = false;
    m_isAsked = !m_query.trimmed().isEmpty();
    if (!m_isAsked) {
        m_error.clear();
        return clear();
    }
    auto words = filter::parseWordQuery(m_query.toStdString());
    if (!words)
        return fail(fromUtf8(words.error().toString()));
    m_request.query = {.words = *std::move(words), .order = m_order, .filter = m_filter, .now = m_clock.now()};
    m_next.reset();
    m_wanted = static_cast<int>(SearchSource::kPage);
    m_isFirstPage = true;
    m_error.clear();
    searchOn();
}

void SearchModel::searchOn()
{
    m_request.from = m_next;
    m_isSearching = true;
    m_source.search(m_request);
    Q_EMIT changed();
}

void SearchModel::fail(const QString& error)
{
    m_error = visibleText(error);
    m_isSearching = false;
    m_next.reset();
    Q_EMIT changed();
}

void SearchModel::clear()
{
    beginResetModel();
    m_hits.clear();
    endResetModel();
    m_next.reset();
    Q_EMIT changed();
}

void SearchModel::cancel()
{
    if (!m_isSearching)
        return;
    m_source.cancel(++m_request.token);
    m_isSearching = false;
    Q_EMIT changed();
}

void SearchModel::take(const LoadedHits& loaded)
{
    if (loaded.token != m_request.token || !m_isSearching)
        return;
    if (!loaded.error.isEmpty())
        return fail(loaded.error);
    // An empty first page says nothing yet: what was found before stays until it is known that there is nothing.
    if (m_isFirstPage && (!loaded.items.empty() || !loaded.next)) {
        m_isFirstPage = false;
        m_unindexed = loaded.unindexed;
        clear();
    }
    const auto room = static_cast<std::size_t>(std::max(0, kMost - count()));
    const std::size_t taken = std::min(room, loaded.items.size());
    if (taken > 0) {
        beginInsertRows({}, count(), count() + static_cast<int>(taken) - 1);
        std::for_each(loaded.items.begin(), loaded.items.begin() + static_cast<std::ptrdiff_t>(taken),
                      [this](const FoundHit& found) { m_hits.push_back(shown(found)); });
        endInsertRows();
    }
    m_next = count() < kMost ? loaded.next : std::nullopt;
    m_isSearching = false;
    if (m_next && (m_isFirstPage || count() < m_wanted))
        return searchOn();
    Q_EMIT changed();
}

SearchModel::Shown SearchModel::shown(const FoundHit& found)
{
    Shown shown{.found = found, .text = {}, .marks = {}};
    const std::string_view snippet = found.hit.snippet.text;
    if (found.hit.snippet.isCutBefore)
        shown.text = u"… "_s;
    std::size_t end = 0;
    for (const filter::TextSpan& span : found.hit.snippet.matched) {
        if (span.begin < end || span.end > snippet.size())
            continue; // two of the phrases share words
        shown.text += oneLine(snippet.substr(end, span.begin - end));
        const QString words = oneLine(snippet.substr(span.begin, span.end - span.begin));
        shown.marks << static_cast<int>(shown.text.size()) << static_cast<int>(words.size());
        shown.text += words;
        end = span.end;
    }
    shown.text += oneLine(snippet.substr(end));
    if (found.hit.snippet.isCutBehind)
        shown.text += u" …"_s;
    return shown;
}

void SearchModel::showRows(int, int last)
{
    if (m_isSearching || !m_next || last + kAhead < count())
        return;
    m_wanted = count() + static_cast<int>(SearchSource::kPage);
    searchOn();
}

void SearchModel::open(int row)
{
    if (row < 0 || row >= count())
        return;
    const archive::TextHit& hit = m_hits[static_cast<std::size_t>(row)].found.hit;
    Q_EMIT callWanted(fromUtf8(hit.session), fromUtf8(hit.call.toString()));
}

QString SearchModel::summary() const
{
    if (!m_isAsked || !m_error.isEmpty())
        return {};
    const QString found = QLocale().toString(count());
    if (count() >= kMost)
        return tr("The first %1; more words or a filter find less").arg(found);
    return m_next || m_isSearching ? tr("%1 found so far").arg(found) : tr("%1 found").arg(found);
}

QString SearchModel::unindexed() const
{
    if (m_unindexed == 0)
        return {};
    const bool isMore = m_unindexed >= SearchSource::kMostCounted;
    return tr("Still indexing %1%2 calls: what is in them cannot be found yet")
        .arg(isMore ? tr("more than ") : QString(), QLocale().toString(static_cast<qlonglong>(m_unindexed)));
}

} // namespace luthien::desktop
