// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"
#include "fake_sources.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::test::FakeConversation;

class TestConversationRoles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRoleHasAName()
    {
        FakeConversation source(1);
        const ConversationModel model(source);
        for (int role = ConversationModel::KindRole; role <= ConversationModel::CurrentRole; ++role)
            QVERIFY2(model.roleNames().contains(role), qPrintable(QString::number(role)));
    }

    void copiesAllOfABoxOfCode()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        const QString code = u"let x = 1;\n"_s.repeated(1'000).chopped(1);
        stream(model, u"Before\n\n```js\n"_s + code + u"\n```\n\nAfter"_s);
        int slices = 0;
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.kindAt(row) != row::Kind::Code)
                continue;
            ++slices;
            QCOMPARE(model.textOf(row), code);
        }
        QVERIFY(slices > 3);
    }

    void tellsWhereLinksLead()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        stream(model, u"a [b](http://one/) **c** [d](http://two/)"_s);
        const int row = model.rowCount() - 1;
        QCOMPARE(model.index(row).data(ConversationModel::TextRole).toString(), u"a b c d"_s);
        QCOMPARE(model.linkAt(row, 0), QString());
        QCOMPARE(model.linkAt(row, 2), u"http://one/"_s);
        QCOMPARE(model.linkAt(row, 3), QString());
        QCOMPARE(model.linkAt(row, 6), u"http://two/"_s);
        QCOMPARE(model.linkAt(row, -1), u"http://one/\nhttp://two/"_s);
        QCOMPARE(model.linkAt(99, 0), QString());
    }

    void marksATurn()
    {
        FakeConversation source(2);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.cursor()->moveTo(3);
        model.selectTurn();
        QCOMPARE(model.selection()->text(), u"model\nreply 0"_s);
        QCOMPARE(model.index(3).data(ConversationModel::SelectedToRole).toInt(), 7);
        QCOMPARE(model.index(4).data(ConversationModel::SelectedToRole).toInt(), 0);
    }

private:
    static void stream(ConversationModel& model, const QString& text)
    {
        model.open(u"s"_s);
        live::Opened begun{.call = FakeConversation::idOf(5), .model = "m", .stream = true};
        begun.identity.session = "s";
        live::Delta step{.call = begun.call,
                         .firstSeq = 1,
                         .seq = 1,
                         .kind = conversation::EventKind::Text,
                         .text = text.toStdString()};
        live::LiveBatch batch;
        batch.events = {begun, step};
        model.applyLive(batch);
    }
};

LUTHIEN_TEST(tst_conversation_roles, TestConversationRoles)
#include "tst_conversation_roles.moc"
