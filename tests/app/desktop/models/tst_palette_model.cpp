// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/command.h"
#include "desktop/models/key_list.h"
#include "desktop/models/palette_model.h"
#include "fake_activity.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

namespace {
std::unique_ptr<Command> command(CommandBook& book, const QString& text, const QString& group = u"Go to"_s,
                                 const QString& keys = {})
{
    auto made = std::make_unique<Command>();
    made->setName(text.toLower());
    made->setText(text);
    made->setGroup(group);
    made->setKeys(keys);
    made->setBook(&book);
    return made;
}

QStringList texts(const QAbstractItemModel& model, int role)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all += model.index(row, 0).data(role).toString();
    return all;
}
} // namespace

class TestPaletteModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_book = std::make_unique<CommandBook>(settings());
    }

    void whatIsTypedPicksAndOrders()
    {
        const auto live = command(*m_book, u"Live"_s);
        const auto policies = command(*m_book, u"Policies"_s);
        const auto lines = command(*m_book, u"Follow the lines"_s);
        PaletteModel model;
        const QAbstractItemModelTester tester(&model);
        model.setBook(m_book.get());
        QCOMPARE(model.rowCount(), 3);
        model.setQuery(u"li"_s);
        QCOMPARE(texts(model, PaletteModel::TextRole).first(), u"Live"_s);
        QCOMPARE(model.index(0).data(PaletteModel::MarksRole).value<QList<int>>(), (QList<int>{0, 2}));
        QCOMPARE(model.commandAt(0), live.get());
        model.setQuery(u"zz"_s);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.commandAt(0), nullptr);
    }

    void whatFitsByItsOwnWordsComesBeforeItsGroups()
    {
        const auto off = command(*m_book, u"Switch it off"_s, u"Policies"_s);
        const auto page = command(*m_book, u"To the policies"_s);
        PaletteModel model;
        model.setBook(m_book.get());
        model.setQuery(u"pol"_s);
        QCOMPARE(texts(model, PaletteModel::TextRole), (QStringList{u"To the policies"_s, u"Switch it off"_s}));
        QVERIFY(model.index(1).data(PaletteModel::MarksRole).value<QList<int>>().isEmpty());
    }

    void whatWasDoneLastComesFirstEvenAfterARestart()
    {
        {
            const auto first = command(*m_book, u"First"_s);
            const auto second = command(*m_book, u"Second"_s);
            second->trigger();
        }
        m_book = std::make_unique<CommandBook>(settings());
        const auto first = command(*m_book, u"First"_s);
        const auto second = command(*m_book, u"Second"_s);
        PaletteModel model;
        model.setBook(m_book.get());
        QCOMPARE(texts(model, PaletteModel::TextRole), (QStringList{u"Second"_s, u"First"_s}));
    }

    void onlyWhatCanBeDoneNowIsOffered()
    {
        const auto export_ = command(*m_book, u"Export"_s);
        const auto named = command(*m_book, u"Next row"_s, u"Lists"_s, u"J, Down"_s);
        named->setOnlyKeys(true);
        PaletteModel model;
        model.setBook(m_book.get());
        QCOMPARE(texts(model, PaletteModel::TextRole), QStringList{u"Export"_s});
        export_->setEnabled(false);
        QCOMPARE(model.commandAt(0), nullptr);
        model.begin();
        QCOMPARE(model.rowCount(), 0);
        QSignalSpy done(export_.get(), &Command::triggered);
        export_->trigger();
        QVERIFY(done.isEmpty());
    }

    void aCommandThatGoesWhileThePaletteIsOpenIsNotDone()
    {
        auto gone = command(*m_book, u"Gone"_s);
        PaletteModel model;
        model.setBook(m_book.get());
        gone.reset();
        QCOMPARE(model.commandAt(0), nullptr);
        QVERIFY(!model.index(0).data(PaletteModel::TextRole).isValid());
    }

    void sessionsAreFoundByTheirTitle()
    {
        test::FakeSessions source(3000);
        store::SessionRow named = source.session(1900);
        named.label = "Migrate the \u202Eshop";
        source.change(named);
        SessionTitles titles(source, m_clock);
        const auto page = command(*m_book, u"To the metrics"_s);
        PaletteModel model;
        const QAbstractItemModelTester tester(&model);
        model.setBook(m_book.get());
        model.setSessions(&titles);
        model.begin();
        QCOMPARE(model.rowCount(), 1); // nobody waits for the record
        model.setQuery(u"m"_s);
        source.answer();
        QCOMPARE(titles.titles().size(), SessionTitles::kMost);
        QCOMPARE(model.rowCount(), 1); // one letter is no title
        model.setQuery(u"migr shop"_s);
        QCOMPARE(texts(model, PaletteModel::TextRole), QStringList{u"Migrate the ‹U+202E›shop"_s});
        QCOMPARE(model.sessionAt(0), QString::fromStdString(named.id));
        QCOMPARE(model.commandAt(0), nullptr);
        QCOMPARE(model.index(0).data(PaletteModel::GroupRole).toString(), u"Session"_s);
        QCOMPARE(model.index(0).data(PaletteModel::MarksRole).value<QList<int>>().mid(0, 2), (QList<int>{0, 4}));
        model.setQuery(u"to"_s);
        QCOMPARE(model.sessionAt(0), QString());
        QCOMPARE(model.commandAt(0), page.get());
    }

    void theBestSessionsOnlyAndWhatWasReadStaysAfterAFailure()
    {
        test::FakeSessions source(200);
        for (int i = 0; i < 200; ++i) {
            store::SessionRow session = source.session(i);
            session.label = i == 7 ? "fix the build" : "soft limit axis " + std::to_string(i);
            source.change(session);
        }
        SessionTitles titles(source, m_clock);
        PaletteModel model;
        model.setBook(m_book.get());
        model.setSessions(&titles);
        model.begin();
        source.answer();
        model.setQuery(u"fix"_s);
        QCOMPARE(model.rowCount(), PaletteModel::kMostSessions);
        QCOMPARE(model.index(0).data(PaletteModel::TextRole).toString(), u"fix the build"_s);
        source.failNext(u"the database is gone"_s);
        model.begin();
        source.answer();
        model.setQuery(u"fix"_s);
        QCOMPARE(model.rowCount(), PaletteModel::kMostSessions);
    }

    void keysAreListedByGroup()
    {
        const auto live = command(*m_book, u"Live"_s, u"Go to"_s, u"Ctrl+2"_s);
        const auto none = command(*m_book, u"Without a key"_s);
        const auto next = command(*m_book, u"Next row"_s, u"Lists"_s, u"J"_s);
        const auto demo = command(*m_book, u"Demo"_s, u"Go to"_s, u"Ctrl+7"_s);
        KeyList keys;
        const QAbstractItemModelTester tester(&keys);
        keys.show(m_book.get());
        QCOMPARE(texts(keys, KeyList::KeysRole), (QStringList{u"Ctrl+2"_s, u"Ctrl+7"_s, u"J"_s}));
        QCOMPARE(texts(keys, KeyList::HeadingRole), (QStringList{u"Go to"_s, QString(), u"Lists"_s}));
    }

private:
    [[nodiscard]] QString settings() const { return m_directory->filePath(u"window.ini"_s); }

    test::StillClock m_clock;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<CommandBook> m_book;
};

LUTHIEN_TEST(tst_palette_model, TestPaletteModel)
#include "tst_palette_model.moc"
