// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_tree_model.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/json_search.h"
#include "desktop/models/visible_text.h"

#include <QLocale>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
// Up to here reading takes less than a frame.
constexpr std::size_t kAtOnce = 256 * 1024;
constexpr int kMostOpened = 5000;
constexpr std::size_t kMostHits = 10'000;
// Longer ones are cut in a row; a long string opens to its lines.
constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestToken = 200;

std::string_view cut(std::string_view text, std::size_t longest, bool hasEscapes)
{
    if (text.size() <= longest)
        return text;
    std::size_t at = 0;
    while (at < longest)
        at += unitLength(text, at, hasEscapes);
    return text.substr(0, at);
}

QString shownString(std::string_view inside)
{
    const std::string_view part = cut(inside, JsonListing::kLineBytes, true);
    QString text = visibleText(unescaped(part));
    text.replace(u'\n', u'↵');
    text.replace(u'\t', u'⇥');
    text.remove(u'\r');
    return u'"' + text + (part.size() < inside.size() ? u"…"_s : u"\""_s);
}

QString membersText(const JsonItem& item)
{
    const bool isObject = item.kind == JsonKind::Object;
    if (item.members == 0)
        return isObject ? u"{ }"_s : u"[ ]"_s;
    const QString count = QLocale().toString(static_cast<qulonglong>(item.members));
    if (isObject)
        return item.members == 1 ? JsonTreeModel::tr("{ 1 key }") : JsonTreeModel::tr("{ %1 keys }").arg(count);
    return item.members == 1 ? JsonTreeModel::tr("[ 1 item ]") : JsonTreeModel::tr("[ %1 items ]").arg(count);
}

QString valueText(std::string_view text, const JsonItem& item)
{
    if (item.isContainer())
        return membersText(item);
    const std::string_view token = text.substr(item.begin, item.size());
    if (item.kind == JsonKind::String)
        return shownString(token.substr(1, token.size() - 2));
    return visibleText(cut(token, kLongestToken, false));
}

QString faultText(std::string_view text, const JsonFault& fault)
{
    const std::string_view before = text.substr(0, fault.offset);
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t begin = before.rfind('\n') + 1; // npos + 1 = 0
    return JsonTreeModel::tr("Not JSON: %1 (line %2, byte %3 of it)")
        .arg(QString::fromStdString(fault.what), QLocale().toString(static_cast<qlonglong>(line)),
             QLocale().toString(qulonglong{fault.offset - begin + 1}));
}
} // namespace

struct JsonTreeModel::Prepared
{
    std::shared_ptr<const std::string> text;
    std::shared_ptr<const JsonListing> listing;
    QString problem;
    int problemRow = -1;

    static Prepared from(std::shared_ptr<const std::string> text, Form form, std::size_t lineBytes,
                         const std::stop_token& stop)
    {
        Prepared made{.text = std::move(text)};
        const std::string_view all = *made.text;
        const auto fault = form == Form::Json ? findJsonFault(all) : std::optional<JsonFault>(JsonFault{});
        if (!fault) {
            const std::size_t begin = afterBlanks(all, 0);
            const bool isOpen = all[begin] == '{' || all[begin] == '[';
            made.listing = std::make_shared<const JsonListing>(isOpen ? JsonListing::ofMembers(all, begin, stop)
                                                                      : JsonListing::ofValue(all, begin));
            return made;
        }
        made.listing = std::make_shared<const JsonListing>(
            JsonListing::ofLines(all, 0, all.size(), JsonListing::Escapes::None, stop, lineBytes));
        if (form == Form::Json) {
            made.problem = faultText(all, *fault);
            made.problemRow = static_cast<int>(made.listing->indexAt(fault->offset));
        }
        return made;
    }
};

struct JsonTreeModel::Cells
{
    int row = -1;
    int depth = 0;
    QString name;
    QString value;
    Kind kind = Line;
    bool expandable = false;
    bool expanded = false;
};

JsonTreeModel::JsonTreeModel(QObject* parent)
    : QAbstractListModel(parent)
{
    m_pool.setMaxThreadCount(1);
    connect(this, &QAbstractItemModel::rowsInserted, this, &JsonTreeModel::countChanged);
    connect(this, &QAbstractItemModel::rowsRemoved, this, &JsonTreeModel::countChanged);
    connect(this, &QAbstractItemModel::modelReset, this, &JsonTreeModel::countChanged);
}

JsonTreeModel::~JsonTreeModel()
{
    m_stop.request_stop();
    m_searchStop.request_stop();
    m_pool.waitForDone();
}

void JsonTreeModel::run(std::function<Deliver(const std::stop_token&)> work)
{
    ++m_jobs;
    Q_EMIT changed();
    // The text lives as long as anything reads it.
    m_pool.start([this, work = std::move(work), stop = m_stop.get_token(), text = m_text] {
        auto deliver = work(stop);
        QMetaObject::invokeMethod(
            this,
            [this, stop, deliver = std::move(deliver)] {
                --m_jobs;
                if (!stop.stop_requested())
                    deliver();
                Q_EMIT changed();
            },
            Qt::QueuedConnection);
    });
}

void JsonTreeModel::setColumns(int columns)
{
    constexpr int kFewest = 20;
    columns = std::clamp(columns, kFewest, static_cast<int>(JsonListing::kLineBytes));
    if (columns == m_columns)
        return;
    m_columns = columns;
    Q_EMIT columnsChanged();
}

void JsonTreeModel::show(std::shared_ptr<const std::string> text, Form form)
{
    m_stop.request_stop();
    m_searchStop.request_stop();
    m_stop = {};
    beginResetModel();
    m_outline.clear();
    m_cells.reset();
    m_text = std::move(text);
    m_problem.clear();
    m_problemRow = -1;
    m_searched.clear();
    m_hits.clear();
    m_hitRow = -1;
    endResetModel();
    Q_EMIT hitsChanged();
    Q_EMIT changed();
    if (isEmpty())
        return;
    if (m_text->size() <= kAtOnce)
        return take(Prepared::from(m_text, form, lineBytes(), {}));
    run([this, whole = m_text, form, bytes = lineBytes()](const std::stop_token& stop) -> Deliver {
        auto made = std::make_shared<Prepared>(Prepared::from(whole, form, bytes, stop));
        return [this, made] { take(std::move(*made)); };
    });
}

void JsonTreeModel::take(Prepared prepared)
{
    const int rows = static_cast<int>(prepared.listing->count());
    m_problem = std::move(prepared.problem);
    m_problemRow = prepared.problemRow;
    if (rows > 0)
        beginInsertRows({}, 0, rows - 1);
    m_outline.show(*m_text, std::move(prepared.listing));
    if (rows > 0)
        endInsertRows();
    Q_EMIT changed();
}

int JsonTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_outline.rowCount();
}

const JsonTreeModel::Cells& JsonTreeModel::cells(int number) const
{
    if (m_cells && m_cells->row == number)
        return *m_cells;
    m_cells = std::make_unique<Cells>();
    Cells& made = *m_cells;
    made.row = number;
    const JsonOutline::Row row = m_outline.row(number);
    made.depth = row.depth();
    made.expanded = row.branch != nullptr;
    if (row.listing->hasLines()) {
        const std::string_view line = row.listing->line(row.path.back());
        made.value = visibleText(made.depth > 0 ? unescaped(line) : std::string(line));
        made.value.remove(u'\r');
        return made;
    }
    const JsonItem item = row.item();
    made.kind = static_cast<Kind>(item.kind);
    made.expandable = opens(m_outline.text(), item, lineBytes());
    made.value = valueText(m_outline.text(), item);
    if (item.name)
        made.name = visibleText(unescaped(cut(*item.name, kLongestName, true)));
    else if (!row.listing->isWhole())
        made.name = QString::number(row.path.back());
    return made;
}

QVariant JsonTreeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_outline.rowCount())
        return {};
    const Cells& row = cells(index.row());
    switch (static_cast<Role>(role)) {
    case DepthRole:
        return row.depth;
    case NameRole:
        return row.name;
    case ValueRole:
        return row.value;
    case KindRole:
        return static_cast<int>(row.kind);
    case ExpandableRole:
        return row.expandable;
    case ExpandedRole:
        return row.expanded;
    }
    return {};
}

QHash<int, QByteArray> JsonTreeModel::roleNames() const
{
    return {{DepthRole, "depth"},           {NameRole, "name"},        {ValueRole, "value"}, {KindRole, "kind"},
            {ExpandableRole, "expandable"}, {ExpandedRole, "expanded"}};
}

void JsonTreeModel::toggle(int number)
{
    if (number < 0 || number >= m_outline.rowCount())
        return;
    const JsonOutline::Row row = m_outline.row(number);
    if (row.branch != nullptr)
        return close(number);
    if (row.listing->hasLines())
        return;
    const JsonItem item = row.item();
    if (!opens(m_outline.text(), item, lineBytes()))
        return;
    if (item.size() > kAtOnce)
        return openLater(row.path, item);
    install(row.path, std::make_unique<JsonBranch>(
                          std::make_shared<const JsonListing>(listingOf(m_outline.text(), item, {}, lineBytes()))));
}

void JsonTreeModel::openLater(const JsonPath& path, const JsonItem& item)
{
    run([this, path, item, text = m_text, bytes = lineBytes()](const std::stop_token& stop) -> Deliver {
        const auto listing = std::make_shared<const JsonListing>(listingOf(*text, item, stop, bytes));
        return [this, path, listing] { install(path, std::make_unique<JsonBranch>(listing)); };
    });
}

void JsonTreeModel::install(const JsonPath& path, std::unique_ptr<JsonBranch> branch)
{
    const int row = m_outline.numberOf(path);
    if (row < 0 || m_outline.branchAt(path) != nullptr)
        return; // closed, or opened, in the meantime
    const int rows = branch->rows;
    m_cells.reset();
    if (rows > 0)
        beginInsertRows({}, row + 1, row + rows);
    m_outline.open(path, std::move(branch));
    if (rows > 0)
        endInsertRows();
    m_cells.reset();
    Q_EMIT dataChanged(index(row), index(row), {ExpandedRole});
    if (m_hitRow > row)
        setHitRow(m_hitRow + rows);
}

void JsonTreeModel::close(int number)
{
    const JsonOutline::Row row = m_outline.row(number);
    const int rows = row.branch->rows;
    m_cells.reset();
    if (rows > 0)
        beginRemoveRows({}, number + 1, number + rows);
    m_outline.close(row.path);
    if (rows > 0)
        endRemoveRows();
    m_cells.reset();
    Q_EMIT dataChanged(index(number), index(number), {ExpandedRole});
    if (m_hitRow > number)
        setHitRow(m_hitRow > number + rows ? m_hitRow - rows : -1);
}

void JsonTreeModel::expandAll(int number)
{
    if (number < 0 || number >= m_outline.rowCount())
        return;
    const JsonOutline::Row row = m_outline.row(number);
    if (row.listing->hasLines())
        return;
    const JsonItem item = row.item();
    if (!item.isContainer() || item.members == 0)
        return;
    if (row.branch != nullptr)
        close(number);
    run([this, path = row.path, item, text = m_text](const std::stop_token& stop) -> Deliver {
        auto branch = std::make_shared<std::unique_ptr<JsonBranch>>(
            std::make_unique<JsonBranch>(std::make_shared<const JsonListing>(listingOf(*text, item, stop))));
        int most = kMostOpened;
        const bool isAll = openAll(*text, **branch, most, stop);
        return [this, path, branch, isAll] {
            install(path, std::move(*branch));
            if (!isAll)
                Q_EMIT stopped();
        };
    });
}

void JsonTreeModel::collapseAll(int number)
{
    if (number >= 0 && number < m_outline.rowCount() && m_outline.row(number).branch != nullptr)
        close(number);
}

int JsonTreeModel::parentOf(int number) const
{
    if (number < 0 || number >= m_outline.rowCount())
        return -1;
    JsonPath path = m_outline.row(number).path;
    path.pop_back();
    return path.empty() ? -1 : m_outline.numberOf(path);
}

bool JsonTreeModel::isExpandable(int row) const
{
    return row >= 0 && row < m_outline.rowCount() && cells(row).expandable;
}

bool JsonTreeModel::isExpanded(int row) const
{
    return row >= 0 && row < m_outline.rowCount() && cells(row).expanded;
}

QString JsonTreeModel::pointerOf(int row) const
{
    if (row < 0 || row >= m_outline.rowCount() || !m_problem.isEmpty())
        return {};
    return fromUtf8(m_outline.pointerTo(m_outline.row(row).path));
}

QString JsonTreeModel::valueOf(int number) const
{
    if (number < 0 || number >= m_outline.rowCount())
        return {};
    const JsonOutline::Row row = m_outline.row(number);
    if (row.listing->hasLines()) {
        const std::string_view line = row.listing->line(row.path.back());
        return row.depth() > 0 ? fromUtf8(unescaped(line)) : fromUtf8(line);
    }
    const JsonItem item = row.item();
    const std::string_view token = m_outline.text().substr(item.begin, item.size());
    return item.kind == JsonKind::String ? fromUtf8(unescaped(token.substr(1, token.size() - 2))) : fromUtf8(token);
}

QString JsonTreeModel::hitText() const
{
    if (m_searched.isEmpty())
        return {};
    if (m_hits.empty())
        return isBusy() ? tr("Searching…") : tr("Nothing found");
    const QLocale locale;
    const QString all = locale.toString(static_cast<qulonglong>(m_hits.size()));
    return tr("%1 of %2").arg(locale.toString(qulonglong{m_hit + 1}), m_hits.size() < kMostHits ? all : all + u'+');
}

void JsonTreeModel::search(const QString& text)
{
    m_searchStop.request_stop();
    m_searchStop = {};
    m_searched = text;
    m_hits.clear();
    m_hit = 0;
    setHitRow(-1);
    if (text.isEmpty() || isEmpty())
        return;
    const bool hasLines = m_outline.rowCount() > 0 && m_outline.row(0).listing->hasLines();
    run([this, hasLines, wanted = text.toStdString(), whole = m_text,
         stop = m_searchStop.get_token()](const std::stop_token&) -> Deliver {
        auto hits =
            hasLines ? findInLines(*whole, wanted, kMostHits, stop) : findInJson(*whole, wanted, kMostHits, stop);
        return [this, stop, hits = std::move(hits)] {
            if (stop.stop_requested())
                return;
            m_hits = hits;
            Q_EMIT hitsChanged();
            goToHit(0);
        };
    });
    Q_EMIT hitsChanged();
}

void JsonTreeModel::goToHit(int step)
{
    if (m_hits.empty())
        return;
    const auto count = static_cast<qsizetype>(m_hits.size());
    m_hit = static_cast<std::size_t>((static_cast<qsizetype>(m_hit) + step + count) % count);
    reveal(m_hits[m_hit]);
}

/// Opens what is closed on the way, one value after the other.
void JsonTreeModel::reveal(std::size_t offset)
{
    JsonPath path;
    for (const JsonBranch* branch = m_outline.branchAt(path); branch != nullptr; branch = m_outline.branchAt(path)) {
        path.push_back(branch->listing->indexAt(offset));
        if (branch->listing->hasLines())
            break;
        const JsonItem item = branch->listing->item(path.back());
        if (offset <= item.begin || offset >= item.end || !opens(m_outline.text(), item, lineBytes()))
            break;
        if (m_outline.branchAt(path) != nullptr)
            continue;
        if (item.size() <= kAtOnce) {
            toggle(m_outline.numberOf(path));
            continue;
        }
        run([this, path, item, offset, text = m_text, bytes = lineBytes()](const std::stop_token& stop) -> Deliver {
            const auto listing = std::make_shared<const JsonListing>(listingOf(*text, item, stop, bytes));
            return [this, path, listing, offset] {
                install(path, std::make_unique<JsonBranch>(listing));
                reveal(offset);
            };
        });
        return;
    }
    setHitRow(m_outline.numberOf(path));
}

void JsonTreeModel::setHitRow(int row)
{
    m_hitRow = row;
    Q_EMIT hitsChanged();
}

} // namespace luthien::desktop
