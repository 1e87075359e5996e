// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/test_bench.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <QRegularExpression>

#include <boost/json.hpp>

#include <chrono>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {
constexpr auto kRest = 400ms;
constexpr qsizetype kMaxInput = 8'000'000;
constexpr qsizetype kMaxShown = 2'000;

/// One JSON text a line, however it was written.
std::vector<std::string> linesOf(const QString& input)
{
    const std::string text = input.trimmed().toStdString();
    std::vector<std::string> lines;
    boost::system::error_code failed;
    const json::value whole = json::parse(text, failed);
    if (!failed && whole.is_array()) {
        for (const json::value& item : whole.get_array())
            lines.push_back(json::serialize(item));
    } else if (!failed) {
        lines.push_back(json::serialize(whole));
    } else {
        for (const QString& line : input.split(u'\n', Qt::SkipEmptyParts))
            if (!line.trimmed().isEmpty())
                lines.push_back(line.trimmed().toStdString());
    }
    lines.resize(std::min(lines.size(), static_cast<std::size_t>(TestBench::kMaxLines)));
    return lines;
}

QString shown(std::string_view text)
{
    return visibleText(text.substr(0, kMaxShown));
}

/// A member of an object as text; JSON that is none is written as it is.
QString memberText(const json::object& object, std::string_view name)
{
    const json::value* const found = object.if_contains(name);
    if (found == nullptr || found->is_null())
        return {};
    return found->is_string() ? shown(found->get_string()) : shown(json::serialize(*found));
}

QString verdictWord(const QString& verdict)
{
    if (verdict == u"block")
        return TestBench::tr("blocked");
    if (verdict == u"replace")
        return TestBench::tr("changed");
    if (verdict == u"hold")
        return TestBench::tr("asks");
    return verdict == u"error" ? TestBench::tr("unreadable") : TestBench::tr("passes");
}
} // namespace

TestBench::TestBench(PolicyEditor& editor, PolicyTrials& trials, QObject* parent)
    : QAbstractListModel(parent)
    , m_editor(editor)
    , m_trials(trials)
{
    m_pool.setMaxThreadCount(1);
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRest);
    connect(&m_rest, &QTimer::timeout, this, &TestBench::run);
    connect(&editor, &PolicyEditor::changed, this, &TestBench::wait);
}

TestBench::~TestBench()
{
    m_stop.request_stop();
    m_pool.waitForDone();
}

void TestBench::setActive(bool active)
{
    if (active == m_isActive)
        return;
    m_isActive = active;
    Q_EMIT changed();
    if (active)
        run();
}

void TestBench::setInput(const QString& input)
{
    if (input == m_input)
        return;
    m_input = input.left(kMaxInput);
    Q_EMIT changed();
    wait();
}

void TestBench::wait()
{
    if (m_isActive && m_editor.isOpen() && (m_editor.draft() != m_tried || m_input != m_triedInput))
        m_rest.start();
}

void TestBench::run()
{
    m_rest.stop();
    if (!m_editor.isOpen())
        return show({});
    m_tried = m_editor.draft();
    m_triedInput = m_input;
    if (!m_editor.form()->isValid())
        return; // the fields say why
    m_stop.request_stop();
    m_stop = std::stop_source();
    m_isRunning = true;
    Q_EMIT changed();
    policy::Definition draft = m_tried;
    if (draft.mode == policy::PolicyMode::Off)
        draft.mode = policy::PolicyMode::Shadow; // what is off is not even looked at
    m_pool.start([this, draft, lines = linesOf(m_input), token = m_stop.get_token(), run = ++m_run] {
        const auto deliver = [this, lines, said = m_trials.check(draft, lines, token), run] {
            if (run == m_run)
                take(lines, said);
        };
        QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
    });
}

void TestBench::take(const std::vector<std::string>& lines, const Result<std::vector<std::string>>& said)
{
    m_isRunning = false;
    m_problem.clear();
    m_scriptProblem.clear();
    m_problemLine = 0;
    std::vector<Row> rows;
    if (said)
        for (std::size_t i = 0; i < std::min(lines.size(), said->size()); ++i)
            rows.push_back(rowOf(lines[i], (*said)[i]));
    else
        refuse(said.error());
    show(std::move(rows));
}

void TestBench::refuse(const Error& error)
{
    m_problem = visibleText(error.message);
    if (error.code != ErrorCode::InvalidInput || m_editor.draft() != m_tried)
        return;
    (void)m_editor.showProblem(error);
    if (!error.context.ends_with("config.source"))
        return;
    static const QRegularExpression kLine(u"\\bline (\\d+)"_s);
    m_scriptProblem = m_problem;
    m_problemLine = kLine.match(m_problem).captured(1).toInt();
}

void TestBench::show(std::vector<Row> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    Q_EMIT changed();
}

TestBench::Row TestBench::rowOf(const std::string& line, const std::string& said)
{
    boost::system::error_code failed;
    const json::value verdict = json::parse(said, failed);
    const json::object* const answer = failed ? nullptr : verdict.if_object();
    Row row{.verdict = u"error"_s, .subject = shown(line), .reason = {}, .replaced = {}};
    if (answer == nullptr)
        return row;
    row.verdict = memberText(*answer, "verdict");
    row.reason = memberText(*answer, "reason");
    row.replaced = memberText(*answer, "replaced");
    const json::value asked = json::parse(line, failed);
    const json::object* const subject = failed ? nullptr : asked.if_object();
    if (subject == nullptr)
        return row;
    if (subject->contains("tool"))
        row.subject = memberText(*subject, "tool") + u' ' + memberText(*subject, "arguments");
    else if (subject->contains("text"))
        row.subject = memberText(*subject, "text");
    return row;
}

void TestBench::pick(const QString& sessionId)
{
    m_isPicking = true;
    Q_EMIT changed();
    m_pool.start([this, session = sessionId.toStdString(), pick = ++m_pick] {
        const auto deliver = [this, lines = m_trials.recordedLines(session, kPickedLines), pick] {
            if (pick != m_pick)
                return;
            m_isPicking = false;
            QString input;
            if (lines)
                for (const std::string& line : *lines)
                    input += fromUtf8(line) + u'\n';
            m_problem = !lines            ? visibleText(lines.error().toString())
                        : input.isEmpty() ? tr("No reply of this session holds a text or a tool call.")
                                          : QString();
            setInput(input);
            Q_EMIT changed();
            if (!input.isEmpty())
                run();
        };
        QMetaObject::invokeMethod(this, deliver, Qt::QueuedConnection);
    });
}

int TestBench::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant TestBench::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case VerdictRole:
        return row.verdict;
    case VerdictTextRole:
        return verdictWord(row.verdict);
    case SubjectRole:
        return row.subject;
    case ReasonRole:
        return row.reason;
    case ReplacedRole:
        return row.replaced;
    }
    return {};
}

QHash<int, QByteArray> TestBench::roleNames() const
{
    return {{VerdictRole, "verdict"},
            {VerdictTextRole, "verdictText"},
            {SubjectRole, "subject"},
            {ReasonRole, "reason"},
            {ReplacedRole, "replaced"}};
}

} // namespace luthien::desktop
