import { describe, expect, test } from 'vitest';
import { candidatesOf, passwordsCsv, rowsOf } from './csv';

const offices = [{ id: 'o1', code: 'tributi', name: 'Ufficio Tributi' }, { id: 'o2', code: 'suap', name: 'Sportello unico attività produttive' }];

describe('people of a CSV', () => {
  test('cells may be quoted, and parted as the program of origin parts them', () => {
    expect(rowsOf('\uFEFFNome;E-mail\r\n"Neri, ""Gina""";g@x.example\r\n\r\n')).toEqual([['Nome', 'E-mail'], ['Neri, "Gina"', 'g@x.example']]);
    expect(rowsOf('Nome,E-mail\nAda,a@x.example')).toEqual([['Nome', 'E-mail'], ['Ada', 'a@x.example']]);
  });
  test('each row says what becomes of it', () => {
    const text = [
      'Nome e cognome;Indirizzo e-mail;Ruolo dell’ente;Ufficio;Ruolo',
      'Ada Neri;ADA@x.example;;tributi;Capo ufficio',
      'Ivo Sala;ivo@x.example;smistatore, revisore;;',
      'Già Qui;qui@x.example;;;',
      'Due Volte;ada@x.example;;;',
      ';senza@x.example;;;',
      'Senza Posta;no;;;',
      'Altro Ufficio;al@x.example;;anagrafe;',
      'Ruolo Strano;rs@x.example;;Sportello unico attivita produttive;usciere',
    ].join('\n');
    const found = candidatesOf(text, offices, [{ email: 'qui@x.example' }])!;
    expect(found.map((f) => f.fault)).toEqual([null, null, 'there', 'twice', 'noName', 'noEmail', 'noOffice', 'noRole']);
    expect(found[0]).toMatchObject({ email: 'ada@x.example', office: { id: 'o1' }, role: 'HEAD', sorter: false });
    expect(found[1]).toMatchObject({ sorter: true, auditor: true, administrator: false, office: null });
  });
  test('without headings nothing is guessed', () => {
    expect(candidatesOf('Ada Neri;ada@x.example', offices, [])).toBeNull();
  });
  test('no cell of what is handed out is a formula', () => {
    expect(passwordsCsv([{ name: '=1+1', email: 'a@x.example', password: 'p"q' }], ['Nome'])).toBe('\uFEFF"Nome"\r\n"\'=1+1";"a@x.example";"p""q"\r\n');
  });
});
